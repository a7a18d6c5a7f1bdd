namespace LiveMigration.Core.Settings;

/// <summary>What concerns this controller among others: section <c>Controller</c> of the configuration.</summary>
public sealed record ControllerSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Controller";

    /// <summary>The controllers whose hosts this one takes over at its start.</summary>
    public IReadOnlyList<Guid> TakeOverFrom { get; init; } = [];

    /// <summary>True to take hosts over from whichever controller holds them.</summary>
    public bool TakeOverFromAny { get; init; }

    /// <summary>Whether a host of this controller is to be taken over.</summary>
    public bool TakesOverFrom(Guid controller) => TakeOverFromAny || TakeOverFrom.Contains(controller);
}
