using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>
/// One controller's view of a <see cref="SimulatedCloud"/>. It holds nothing: a second driver over the same cloud is a
/// controller that was started again.
/// </summary>
public sealed class SimulatedDriver(SimulatedCloud cloud) : IComputeDriver
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts => cloud.Hosts;

    /// <inheritdoc/>
    public HostLink GetLink(string host) => cloud.LinkOf(host);

    /// <inheritdoc/>
    public Task<HostFacts> GetHostFactsAsync(string host, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.GetHostFacts, h => FactsOf(h) with { Uptime = cloud.Elapsed }, ct);

    /// <inheritdoc/>
    /// <remarks>Watches from this call on, not only from the first time that the result is read.</remarks>
    public IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken ct) => ReadAsync(cloud.Watch(), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<GuestObservation>> ListGuestsAsync(string host, CancellationToken ct) => cloud.CallAsync(
        host,
        SimulatedOperation.ListGuests,
        IReadOnlyList<GuestObservation> (h) =>
            h.Guests.Values.Select(g => g.Observe()).OrderBy(g => g.Name, StringComparer.Ordinal).ToList(),
        ct);

    /// <inheritdoc/>
    public Task<GuestObservation?> FindGuestAsync(string host, Guid guest, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.FindGuest, h => h.Guests.GetValueOrDefault(guest)?.Observe(), ct);

    /// <inheritdoc/>
    public Task<GuestDescription> DescribeGuestAsync(string host, Guid guest, CancellationToken ct) => cloud.CallAsync(
        host, SimulatedOperation.DescribeGuest, h => cloud.CopyOf(h, guest).Describe(), ct);

    /// <inheritdoc/>
    public Task<CpuComparison> CompareCpuAsync(string host, GuestDescription guest, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.CompareCpu, h => Obstacles.CompareCpu(h, guest.CpuXml), ct);

    /// <inheritdoc/>
    public Task<bool> CreateStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.CreateStorageProbe, h => cloud.CreateFile(h, folder, name), ct);

    /// <inheritdoc/>
    public Task<bool> SeesStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.SeesStorageProbe, h => cloud.SeesFile(h, folder, name), ct);

    /// <inheritdoc/>
    public Task RemoveStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.RemoveStorageProbe, h => cloud.RemoveFile(h, folder, name), ct);

    /// <inheritdoc/>
    public Task SetMarkAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.SetMark, h => cloud.IdleCopyOf(h, guest).Mark = mark, ct);

    /// <inheritdoc/>
    public Task ClearMarkAsync(string host, Guid guest, Guid migration, CancellationToken ct) => DoAsync(
        host,
        SimulatedOperation.ClearMark,
        h =>
        {
            if (cloud.CopyOf(h, guest).Mark?.Migration == migration) cloud.IdleCopyOf(h, guest).Mark = null;
        },
        ct);

    /// <inheritdoc/>
    public async Task TransferAsync(string source, Guid guest, TransferRequest request, CancellationToken ct)
    {
        var reply = await cloud.CallAsync(source, SimulatedOperation.Transfer, h => cloud.Begin(h, guest, request).Reply.Task, ct);
        var failure = await reply.WaitAsync(ct);
        cloud.ThrowIfReplyIsLost(source, SimulatedOperation.Transfer);
        if (failure is not null) throw failure;
    }

    /// <inheritdoc/>
    public Task<JobStatistics> GetJobAsync(string host, Guid guest, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.GetJob, h => cloud.JobOf(h, guest), ct);

    /// <inheritdoc/>
    public Task<JobStatistics?> GetCompletedJobAsync(string host, Guid guest, CancellationToken ct) => cloud.CallAsync(
        host, SimulatedOperation.GetCompletedJob, h => cloud.CopyOf(h, guest).CompletedJob, ct);

    /// <inheritdoc/>
    public Task SetMaxDowntimeAsync(string host, Guid guest, TimeSpan downtime, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.SetMaxDowntime, h => cloud.SetMaxDowntime(h, guest, downtime), ct);

    /// <inheritdoc/>
    public Task SetBandwidthAsync(string host, Guid guest, long mibps, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.SetBandwidth, h => cloud.SetBandwidth(h, guest, mibps), ct);

    /// <inheritdoc/>
    public Task AbortJobAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.AbortJob, h => cloud.Abort(h, guest), ct);

    /// <inheritdoc/>
    public Task StartPostCopyAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.StartPostCopy, h => cloud.StartPostCopy(h, guest), ct);

    /// <inheritdoc/>
    public Task SuspendAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.Suspend, h => cloud.Suspend(h, guest), ct);

    /// <inheritdoc/>
    public Task ResumeAsync(string host, Guid guest, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.Resume, h => cloud.Resume(h, guest), ct);

    /// <inheritdoc/>
    public Task<bool> RemoveLeftoverAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.RemoveLeftover, h => cloud.RemoveLeftover(h, guest, mark), ct);

    /// <inheritdoc/>
    public async Task KeepDefinitionAsync(string host, Guid guest, string at, DestinationChanges changes, CancellationToken ct)
    {
        var broken = await cloud.CallAsync(host, SimulatedOperation.DescribeGuest, h => cloud.CopyOf(h, guest), ct);
        await DoAsync(at, SimulatedOperation.KeepDefinition, h => cloud.KeepDefinition(h, broken, changes), ct);
    }

    /// <inheritdoc/>
    public Task EndBrokenGuestAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        DoAsync(host, SimulatedOperation.EndBrokenGuest, h => cloud.EndBrokenGuest(h, guest, mark), ct);

    private Task<bool> DoAsync(string host, SimulatedOperation operation, Action<CloudHost> act, CancellationToken ct) =>
        cloud.CallAsync(
            host,
            operation,
            h =>
            {
                act(h);
                return true;
            },
            ct);

    private async IAsyncEnumerable<HypervisorEvent> ReadAsync(
        Channel<HypervisorEvent> watcher, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            await foreach (var change in watcher.Reader.ReadAllAsync(ct)) yield return change;
        }
        finally
        {
            cloud.Unwatch(watcher);
        }
    }

    private static HostFacts FactsOf(CloudHost host) => new(
        host.Name, "QEMU", host.Options.QemuVersion, host.Options.LibvirtVersion, host.Options.MemoryMiB, host.Options.Vcpus,
        host.Options.LocalGiB, host.FreeDiskBytes >> 30, host.Options.HostIp,
        new HostCpu("x86_64", host.Options.CpuModel, "Intel", 1, 1, host.Options.Vcpus, 1, host.Options.CpuFeatures));
}
