namespace LiveMigration.Hypervisor.Simulated;

/// <summary>A bridge, card or network of a simulated host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mtu">The largest packet, bytes.</param>
/// <param name="Up">True when it carries packets.</param>
public sealed record SimulatedBridge(string Name, int Mtu = 1500, bool Up = true);

/// <summary>A filtering rule of a simulated host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">What it says.</param>
/// <param name="IsOurs">True when a migration has brought it.</param>
public sealed record SimulatedRule(string Name, string Content, bool IsOurs = false)
{
    /// <summary>The rules that it includes.</summary>
    public IReadOnlyList<string> RefersTo { get; init; } = [];
}

/// <summary>What a host's guests are plugged into, and under which rules.</summary>
internal sealed class HostPlugs(SimulatedHostOptions options)
{
    public Dictionary<string, SimulatedBridge> Bridges { get; } =
        options.Bridges.ToDictionary(bridge => bridge.Name, StringComparer.Ordinal);

    public Dictionary<string, SimulatedRule> Rules { get; } = options.Rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>True while guests that arrive are not plugged in.</summary>
    public bool IsHeld { get; set; }
}
