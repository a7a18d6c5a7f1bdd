namespace LiveMigration.Core.Drivers;

/// <summary>The answer to "can this host give the guest its CPU?".</summary>
/// <param name="Compatible">True when it can.</param>
/// <param name="Explanation">What is missing, when it can't.</param>
public sealed record CpuComparison(bool Compatible, string? Explanation);
