using System.Net;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Libvirt;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>
/// Volumes on the configured storage servers, each run by <c>tgtd</c>. Disks of every other kind, and those of a server that
/// is not configured, need nothing: whoever serves them lets hosts in by rules of his own.
/// </summary>
public sealed class TgtVolumes : IVolumeService
{
    private readonly Dictionary<string, TgtAdmin> _servers;
    private readonly Dictionary<string, IPAddress> _hosts;

    /// <summary>Writes the ssh configuration of the servers that are reached by ssh; asks nobody.</summary>
    public TgtVolumes(LibvirtOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ssh = new SshTransport(options);
        _servers = options.Volumes.ToDictionary(
            server => Address.TryParse(server.Portal)!.Portal,
            server => new TgtAdmin(
                Address.TryParse(server.Portal)!.Portal,
                server,
                server.Ssh is null ? null : ssh.PrepareCommand(new HostOptions { Name = $"storage {server.Portal}" }),
                time),
            StringComparer.Ordinal);
        _hosts = _servers.Count == 0
            ? []
            : options.Hosts.ToDictionary(host => host.Name, host => IPAddress.Parse(InitiatorAddress.Of(host)), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Volume? Find(GuestDisk disk) =>
        IscsiVolume.Of(disk) is { } volume && _servers.ContainsKey(volume.Portal) ? volume : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListConnectionsAsync(Volume volume, CancellationToken ct)
    {
        var (_, target) = await ShowAsync(volume, ct);
        return [.. _hosts.Where(host => target.LetsIn(host.Value)).Select(host => host.Key)];
    }

    /// <inheritdoc/>
    public async Task InitializeConnectionAsync(Volume volume, string host, CancellationToken ct)
    {
        var initiator = AddressOf(host);
        var (server, target) = await ShowAsync(volume, ct);
        if (!target.LetsIn(initiator)) await server.BindAsync(target.Tid, initiator, ct);
    }

    /// <inheritdoc/>
    public async Task TerminateConnectionAsync(Volume volume, string host, CancellationToken ct)
    {
        var initiator = AddressOf(host);
        var server = ServerOf(volume);
        if (Named(await server.ShowAsync(ct), volume) is not { } target) return;
        if (target.Names(initiator)) await server.UnbindAsync(target.Tid, initiator, ct);

        // tgtd asks its list at log-in only. Whoever is in stays in until shown out; a rule for more than this host lets it in again.
        foreach (var session in target.Sessions.Where(session => session.Address.Equals(initiator)))
            await server.CloseAsync(target.Tid, session, ct);
    }

    private async Task<(TgtAdmin Server, TgtTarget Target)> ShowAsync(Volume volume, CancellationToken ct)
    {
        var server = ServerOf(volume);
        return Named(await server.ShowAsync(ct), volume) is { } target
            ? (server, target)
            : throw new VolumeServiceRefused(volume.Portal, $"it has no target {volume.Target}");
    }

    private static TgtTarget? Named(IReadOnlyList<TgtTarget> targets, Volume volume) =>
        targets.FirstOrDefault(target => string.Equals(target.Name, volume.Target, StringComparison.Ordinal));

    private TgtAdmin ServerOf(Volume volume) => _servers.TryGetValue(volume.Portal, out var server)
        ? server
        : throw new VolumeServiceRefused(volume.Portal, "it is not among the configured Volumes");

    private IPAddress AddressOf(string host) => _hosts.TryGetValue(host, out var address) ? address : throw new ComputeHostNotFound(host);
}
