namespace LiveMigration.Core.Drivers;

/// <summary>What has to be different in a guest's definition at its destination. Everything else stays as it is.</summary>
public sealed record DestinationChanges
{
    /// <summary>The guest's definition goes as it is.</summary>
    public static DestinationChanges None { get; } = new();

    /// <summary>The bridge of each interface that gets another one, by its MAC in lower case.</summary>
    public IReadOnlyDictionary<string, string> Bridges { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address that VNC and SPICE are to listen on; null leaves it.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>True when nothing differs; then no definition is sent at all.</summary>
    public bool AreNone => Bridges.Count == 0 && GraphicsListen is null;
}
