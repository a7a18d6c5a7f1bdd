using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>Networks: what tests turn and look at.</content>
public sealed partial class SimulatedCloud
{
    /// <summary>Adds a bridge to a host, or changes it.</summary>
    public void SetBridge(string host, SimulatedBridge bridge)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        Within(() => HostOf(host).Plugs.Bridges[bridge.Name] = bridge);
    }

    /// <summary>Guests that arrive on this host are not plugged in until <see cref="ReleasePlugging"/>.</summary>
    public void HoldPlugging(string host) => Within(() => HostOf(host).Plugs.IsHeld = true);

    /// <summary>Ends <see cref="HoldPlugging"/>.</summary>
    public void ReleasePlugging(string host) => Within(() => HostOf(host).Plugs.IsHeld = false);

    /// <summary>The filtering rules of a host, by name.</summary>
    public IReadOnlyList<SimulatedRule> RulesOf(string host) =>
        Within(() => HostOf(host).Plugs.Rules.Values.OrderBy(rule => rule.Name, StringComparer.Ordinal).ToList());

    internal HostNetworkOptions NetworkOptionsOf(string host) => Within(() =>
    {
        var options = HostOf(host).Options;
        return new HostNetworkOptions(new BridgeMap(options.BridgeNames), options.GraphicsListen);
    });
}
