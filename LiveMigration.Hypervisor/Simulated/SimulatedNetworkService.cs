using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The network port over a <see cref="SimulatedCloud"/>.</summary>
public sealed class SimulatedNetworkService(SimulatedCloud cloud) : INetworkService
{
    /// <inheritdoc/>
    public HostNetworkOptions OptionsOf(string host) => cloud.NetworkOptionsOf(host);

    /// <inheritdoc/>
    public Task<HostNetworks> LookAsync(string host, NetworkQuestion question, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.LookAtNetworks, h => Look(h, question), ct);

    /// <inheritdoc/>
    public Task EnsureRuleAsync(string host, NetworkRule rule, CancellationToken ct) => cloud.CallAsync(
        host,
        SimulatedOperation.EnsureRule,
        h => h.Plugs.Rules.TryAdd(rule.Name, new SimulatedRule(rule.Name, rule.Content, IsOurs: true) { RefersTo = rule.RefersTo }),
        ct);

    /// <inheritdoc/>
    public Task RemoveUnusedRulesAsync(string host, IReadOnlyList<string> rules, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.RemoveUnusedRules, h => RemoveUnused(h, rules), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindUnpluggedAsync(
        string host, Guid guest, IReadOnlyList<PlannedInterface> interfaces, CancellationToken ct) => cloud.CallAsync(
            host,
            SimulatedOperation.FindUnplugged,
            IReadOnlyList<string> (h) => h.Guests.ContainsKey(guest) && !h.Plugs.IsHeld ? [] : [.. interfaces.Select(nic => nic.Mac)],
            ct);

    private static HostNetworks Look(CloudHost host, NetworkQuestion question)
    {
        var rules = new List<NetworkRule>();
        foreach (var rule in question.Rules) AddRule(host, rule, rules);
        return new HostNetworks { Links = Sightings(host, question.Links), Networks = Sightings(host, question.Networks), Rules = rules };
    }

    private static Dictionary<string, NetworkSighting> Sightings(CloudHost host, IReadOnlyList<string> names) => names
        .Select(host.Plugs.Bridges.GetValueOrDefault)
        .OfType<SimulatedBridge>()
        .ToDictionary(bridge => bridge.Name, bridge => new NetworkSighting(bridge.Up, bridge.Mtu), StringComparer.Ordinal);

    private static void AddRule(CloudHost host, string name, List<NetworkRule> rules)
    {
        if (rules.Exists(rule => rule.Name == name) || !host.Plugs.Rules.TryGetValue(name, out var found)) return;
        foreach (var other in found.RefersTo) AddRule(host, other, rules);
        rules.Add(new NetworkRule(name, found.Content, found.RefersTo));
    }

    private static bool RemoveUnused(CloudHost host, IReadOnlyList<string> rules)
    {
        foreach (var name in rules.Reverse().Where(name => host.Plugs.Rules.GetValueOrDefault(name) is { IsOurs: true }))
        {
            var named = host.Guests.Values.SelectMany(copy => copy.Interfaces).Any(nic => nic.Rule == name);
            var included = host.Plugs.Rules.Values.Any(rule => rule.RefersTo.Contains(name, StringComparer.Ordinal));
            if (!named && !included) host.Plugs.Rules.Remove(name);
        }

        return true;
    }
}
