using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The network port over libvirt, on the driver's connections.</summary>
public sealed class LibvirtNetworkService(LibvirtDriver driver) : INetworkService
{
    /// <inheritdoc/>
    public HostNetworkOptions OptionsOf(string host)
    {
        var options = driver.OptionsOf(host);
        return new HostNetworkOptions(new BridgeMap(options.Bridges), options.GraphicsListen);
    }

    /// <inheritdoc/>
    public Task<HostNetworks> LookAsync(string host, NetworkQuestion question, CancellationToken ct) =>
        driver.ConnectionTo(host).CallAsync(c => NetworkReader.Look(c.Networks, question), ct);

    /// <inheritdoc/>
    public Task EnsureRuleAsync(string host, NetworkRule rule, CancellationToken ct) => driver.ConnectionTo(host).CallAsync(
        c =>
        {
            var networks = c.Networks;
            if (networks.FindFilter(rule.Name) is null)
                networks.DefineFilter(RuleXml.Marked(rule));
            return true;
        },
        ct);

    /// <inheritdoc/>
    public Task RemoveUnusedRulesAsync(string host, IReadOnlyList<string> rules, CancellationToken ct) =>
        driver.ConnectionTo(host).CallAsync(
            c =>
            {
                RuleRemoval.RemoveUnused(c, rules);
                return true;
            },
            ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindUnpluggedAsync(
        string host, Guid guest, IReadOnlyList<PlannedInterface> interfaces, CancellationToken ct) =>
        driver.ConnectionTo(host).CallAsync(c => PlugReader.FindUnplugged(c, guest, interfaces), ct);
}
