namespace LiveMigration.Core.Model;

/// <summary>What the checks on both hosts found out and later steps need; Nova's migrate data.</summary>
/// <param name="SharedStorage">True when the destination sees every local disk where the source does.</param>
/// <param name="CopyDisks">Targets of the disks to copy; empty on shared storage.</param>
public sealed record MigrateData(bool SharedStorage, IReadOnlyList<string> CopyDisks);
