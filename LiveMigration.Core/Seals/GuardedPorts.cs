using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Seals;

/// <summary>What ties guests to hosts that carry our seal.</summary>
internal sealed class GuardedBindings(IHostBindings real, HostKeeper keeper) : IHostBindings
{
    public Task<GuestBindings> ReadAsync(string host, Guid guest, CancellationToken ct) => keeper.AskAsync(host, () => real.ReadAsync(host, guest, ct), ct);

    public Task<HostOffer> OfferAsync(string host, GuestBindings guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.OfferAsync(host, guest, ct), ct);
}

/// <summary>Networks of hosts that carry our seal.</summary>
internal sealed class GuardedNetworks(INetworkService real, HostKeeper keeper) : INetworkService
{
    public HostNetworkOptions OptionsOf(string host) => real.OptionsOf(host);

    public Task<HostNetworks> LookAsync(string host, NetworkQuestion question, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.LookAsync(host, question, ct), ct);

    public Task EnsureRuleAsync(string host, NetworkRule rule, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.EnsureRuleAsync(host, rule, ct), ct);

    public Task RemoveUnusedRulesAsync(string host, IReadOnlyList<string> rules, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.RemoveUnusedRulesAsync(host, rules, ct), ct);

    public Task<IReadOnlyList<string>> FindUnpluggedAsync(
        string host, Guid guest, IReadOnlyList<PlannedInterface> interfaces, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.FindUnpluggedAsync(host, guest, interfaces, ct), ct);
}

/// <summary>The switches of guests on hosts that carry our seal.</summary>
internal sealed class GuardedPower(IGuestPower real, HostKeeper keeper) : IGuestPower
{
    public Task StartAsync(string host, Guid guest, bool fresh, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.StartAsync(host, guest, fresh, ct), ct);

    public Task ShutDownAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.ShutDownAsync(host, guest, ct), ct);

    public Task PowerOffAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.PowerOffAsync(host, guest, ct), ct);

    public Task RebootAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.RebootAsync(host, guest, ct), ct);

    public Task ResetAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.ResetAsync(host, guest, ct), ct);

    public Task SaveAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.SaveAsync(host, guest, ct), ct);
}

/// <summary>Makes and removes guests on hosts that carry our seal.</summary>
internal sealed class GuardedBuilder(IGuestBuilder real, HostKeeper keeper) : IGuestBuilder
{
    public Task WriteFileAsync(string host, NewGuestFile file, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.WriteFileAsync(host, file, ct), ct);

    public Task DefineAsync(string host, GuestPlan plan, CancellationToken ct) => keeper.ActAsync(host, () => real.DefineAsync(host, plan, ct), ct);

    public Task StartAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.StartAsync(host, guest, ct), ct);

    public Task RemoveAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.RemoveAsync(host, guest, ct), ct);
}

/// <summary>
/// Hosts' access to volumes. The host itself is not asked here, and may well be silent: only one that is known to be
/// another controller's is left alone.
/// </summary>
internal sealed class GuardedVolumes(IVolumeService real, HostKeeper keeper) : IVolumeService
{
    public Volume? Find(GuestDisk disk) => real.Find(disk);

    public Task<IReadOnlyList<string>> ListConnectionsAsync(Volume volume, CancellationToken ct) => real.ListConnectionsAsync(volume, ct);

    public async Task InitializeConnectionAsync(Volume volume, string host, CancellationToken ct)
    {
        keeper.Demand(host);
        await real.InitializeConnectionAsync(volume, host, ct);
    }

    public async Task TerminateConnectionAsync(Volume volume, string host, CancellationToken ct)
    {
        keeper.Demand(host);
        await real.TerminateConnectionAsync(volume, host, ct);
    }
}
