namespace LiveMigration.Core.Drivers;

/// <summary>How a guest is to be plugged in at its destination.</summary>
public sealed record NetworkPlan
{
    /// <summary>Nothing to plug in.</summary>
    public static NetworkPlan None { get; } = new();

    /// <summary>The interfaces, in the guest's order.</summary>
    public IReadOnlyList<PlannedInterface> Interfaces { get; init; } = [];

    /// <summary>Filtering rules (libvirt's nwfilters) that the interfaces need, each after those that it refers to.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>The address that the guest's screen is to listen on; null leaves it as it is.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>What the destination could not be asked, one sentence each.</summary>
    public IReadOnlyList<string> NotChecked { get; init; } = [];

    /// <summary>What has to be different in the guest's definition over there.</summary>
    public DestinationChanges ToChanges() => new()
    {
        Bridges = Interfaces.Where(nic => nic.Bridge is not null && nic.Bridge != nic.SourceBridge)
            .ToDictionary(nic => nic.Mac, nic => nic.Bridge!, StringComparer.Ordinal),
        GraphicsListen = GraphicsListen,
    };
}

/// <summary>One interface of a guest that moves.</summary>
/// <param name="Mac">Its address, lower case.</param>
/// <param name="SourceBridge">The bridge that it is plugged into at the source; null when it is none.</param>
/// <param name="Bridge">The bridge that it will be plugged into; null when it is none.</param>
/// <param name="Rule">The filtering rule that must be in force for it; null when there is none.</param>
public sealed record PlannedInterface(string Mac, string? SourceBridge, string? Bridge, string? Rule);
