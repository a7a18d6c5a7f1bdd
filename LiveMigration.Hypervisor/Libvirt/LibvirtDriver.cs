using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The hypervisor port over libvirt: one connection for each host, opened in the background from the moment that the
/// driver exists. Nothing is installed on the hosts.
/// </summary>
public sealed class LibvirtDriver : IComputeDriver, IAsyncDisposable
{
    private readonly Dictionary<string, Connected> _hosts = new(StringComparer.Ordinal);
    private readonly HypervisorEvents _events = new();
    private int _disposed;

    /// <summary>Begins to connect.</summary>
    public LibvirtDriver(LibvirtOptions options, TimeProvider time, Random random, ILogger<LibvirtDriver> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ssh = new SshTransport(options);

        // All wrappers first: one that is still being written can't be executed.
        var uris = options.Hosts.Select(ssh.Prepare).ToList();
        Hosts = [.. options.Hosts.Select(h => h.Name)];
        foreach (var (host, uri) in options.Hosts.Zip(uris))
        {
            var connection = new HostConnection(host.Name, uri, options, _events, time, random, logger);
            _hosts.Add(host.Name, new Connected(host, connection, new HostFactsReader(host), new StorageFolders(connection)));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts { get; }

    /// <inheritdoc/>
    public HostLink GetLink(string host) => On(host).Connection.Link;

    /// <inheritdoc/>
    public Task<HostFacts> GetHostFactsAsync(string host, CancellationToken ct) =>
        On(host).Connection.CallAsync(On(host).Facts.Read, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken ct) => _events.WatchAsync(ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<GuestObservation>> ListGuestsAsync(string host, CancellationToken ct) =>
        On(host).Connection.CallAsync(c => GuestReader.List(c, host), ct);

    /// <inheritdoc/>
    public Task<GuestObservation?> FindGuestAsync(string host, Guid guest, CancellationToken ct) =>
        On(host).Connection.CallAsync(c => GuestReader.Find(c, host, guest), ct);

    /// <inheritdoc/>
    public Task<GuestDescription> DescribeGuestAsync(string host, Guid guest, CancellationToken ct) =>
        On(host).Connection.CallAsync(c => GuestReader.Describe(c, guest), ct, guest);

    /// <inheritdoc/>
    public Task<CpuComparison> CompareCpuAsync(string host, GuestDescription guest, CancellationToken ct) =>
        On(host).Connection.CallAsync(c => CpuComparisonCheck.Compare(c, guest), ct);

    /// <inheritdoc/>
    public Task<bool> CreateStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        new StorageProbe(FoldersOf(host)).CreateAsync(folder, name, ct);

    /// <inheritdoc/>
    public Task<bool> SeesStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        new StorageProbe(FoldersOf(host)).SeesAsync(folder, name, ct);

    /// <inheritdoc/>
    public Task RemoveStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        new StorageProbe(FoldersOf(host)).RemoveAsync(folder, name, ct);

    /// <inheritdoc/>
    public Task SetMarkAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        WithGuestAsync(host, guest, d => Marks.Set(d, mark), ct);

    /// <inheritdoc/>
    public Task ClearMarkAsync(string host, Guid guest, Guid migration, CancellationToken ct) =>
        WithGuestAsync(host, guest, d => Marks.Clear(d, migration), ct);

    /// <inheritdoc/>
    public async Task TransferAsync(string source, Guid guest, TransferRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var destination = On(request.Destination).Options;
        await On(source).Connection.LongCallAsync(
            $"libvirt-{source}-transfer",
            connection =>
            {
                Transfer.Run(connection, guest, request, destination);
                return true;
            },
            ct,
            guest);
    }

    /// <inheritdoc/>
    public Task<JobStatistics> GetJobAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, JobStatsReader.Current, ct);

    /// <inheritdoc/>
    public Task<JobStatistics?> GetCompletedJobAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, JobStatsReader.Completed, ct);

    /// <inheritdoc/>
    public Task SetMaxDowntimeAsync(string host, Guid guest, TimeSpan downtime, CancellationToken ct) =>
        WithGuestAsync(host, guest, d => d.SetMaxDowntime(downtime), ct);

    /// <inheritdoc/>
    public Task SetBandwidthAsync(string host, Guid guest, long mibps, CancellationToken ct) =>
        WithGuestAsync(host, guest, d => GuestControl.SetBandwidth(d, mibps), ct);

    /// <inheritdoc/>
    public Task AbortJobAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, GuestControl.AbortJob, ct);

    /// <inheritdoc/>
    public Task StartPostCopyAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, d => d.StartPostCopy(), ct);

    /// <inheritdoc/>
    public Task SuspendAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, GuestControl.Suspend, ct);

    /// <inheritdoc/>
    public Task ResumeAsync(string host, Guid guest, CancellationToken ct) =>
        WithGuestAsync(host, guest, GuestControl.Resume, ct);

    /// <inheritdoc/>
    public Task<bool> RemoveLeftoverAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        On(host).Connection.CallAsync(c => LeftoverRemoval.Remove(c, host, guest, mark), ct);

    /// <inheritdoc/>
    public async Task KeepDefinitionAsync(string host, Guid guest, string at, DestinationChanges changes, CancellationToken ct)
    {
        var definition = await On(host).Connection.CallAsync(c => BrokenGuest.Definition(c, guest, changes), ct, guest);
        await On(at).Connection.CallAsync(
            connection =>
            {
                BrokenGuest.Keep(connection, guest, definition);
                return true;
            },
            ct);
    }

    /// <inheritdoc/>
    public Task EndBrokenGuestAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        On(host).Connection.CallAsync(
            connection =>
            {
                BrokenGuest.End(connection, host, guest, mark);
                return true;
            },
            ct);

    /// <summary>The connection that a neighbour of this driver may use, too.</summary>
    internal HostConnection ConnectionTo(string host) => On(host).Connection;

    /// <summary>The settings of a host.</summary>
    internal HostOptions OptionsOf(string host) => On(host).Options;

    /// <summary>Closes the connections; transfers go on without us.</summary>
    public async ValueTask DisposeAsync()
    {
        // A container disposes of it once for each of the names that it is registered under.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;

        await Task.WhenAll(_hosts.Values.Select(async host =>
        {
            await host.Connection.DisposeAsync();
            host.Folders.Dispose();
        }));
    }

    /// <summary>The link to a host, for the other ports that libvirt is behind.</summary>
    internal HostConnection ConnectionOf(string host) => On(host).Connection;

    /// <summary>The one way to a host's folders: two at once would take each other's pools away.</summary>
    internal StorageFolders FoldersOf(string host) => On(host).Folders;

    private Connected On(string host) =>
        _hosts.TryGetValue(host, out var connected) ? connected : throw new ComputeHostNotFound(host);

    private Task<T> WithGuestAsync<T>(string host, Guid guest, Func<LibvirtDomain, T> call, CancellationToken ct) =>
        On(host).Connection.CallAsync(
            connection =>
            {
                using var domain = connection.LookupDomain(guest);
                return call(domain);
            },
            ct,
            guest);

    private Task<bool> WithGuestAsync(string host, Guid guest, Action<LibvirtDomain> call, CancellationToken ct) =>
        WithGuestAsync(
            host,
            guest,
            domain =>
            {
                call(domain);
                return true;
            },
            ct);

    private sealed record Connected(HostOptions Options, HostConnection Connection, HostFactsReader Facts, StorageFolders Folders);
}
