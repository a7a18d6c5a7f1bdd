using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Seals;

/// <summary>The hypervisor port, for hosts that carry our seal alone. Any other is as one that does not answer.</summary>
internal sealed class GuardedComputeDriver(IComputeDriver real, HostKeeper keeper) : IComputeDriver
{
    public IReadOnlyList<string> Hosts => real.Hosts;

    public HostLink GetLink(string host) => keeper.WhyNot(host) is { } reason ? new HostLink(Open: false, reason) : real.GetLink(host);

    public Task<HostFacts> GetHostFactsAsync(string host, CancellationToken ct) => keeper.AskAsync(host, () => real.GetHostFactsAsync(host, ct), ct);

    public IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken ct) => real.WatchAsync(ct);

    public Task<IReadOnlyList<GuestObservation>> ListGuestsAsync(string host, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.ListGuestsAsync(host, ct), ct);

    public Task<GuestObservation?> FindGuestAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.FindGuestAsync(host, guest, ct), ct);

    public Task<GuestDescription> DescribeGuestAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.DescribeGuestAsync(host, guest, ct), ct);

    public Task<CpuComparison> CompareCpuAsync(string host, GuestDescription guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.CompareCpuAsync(host, guest, ct), ct);

    public Task<bool> CreateStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.CreateStorageProbeAsync(host, folder, name, ct), ct);

    public Task<bool> SeesStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.SeesStorageProbeAsync(host, folder, name, ct), ct);

    public Task RemoveStorageProbeAsync(string host, string folder, string name, CancellationToken ct) =>
        keeper.DoAsync(host, () => real.RemoveStorageProbeAsync(host, folder, name, ct), ct);

    public Task SetMarkAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.SetMarkAsync(host, guest, mark, ct), ct);

    public Task ClearMarkAsync(string host, Guid guest, Guid migration, CancellationToken ct) =>
        keeper.DoAsync(host, () => real.ClearMarkAsync(host, guest, migration, ct), ct);

    public async Task TransferAsync(string source, Guid guest, TransferRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        await keeper.EnterToActAsync(request.Destination, ct);
        await keeper.ActAsync(source, () => real.TransferAsync(source, guest, request, ct), ct);
    }

    public Task<JobStatistics> GetJobAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.GetJobAsync(host, guest, ct), ct);

    public Task<JobStatistics?> GetCompletedJobAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.GetCompletedJobAsync(host, guest, ct), ct);

    public Task SetMaxDowntimeAsync(string host, Guid guest, TimeSpan downtime, CancellationToken ct) =>
        keeper.DoAsync(host, () => real.SetMaxDowntimeAsync(host, guest, downtime, ct), ct);

    public Task SetBandwidthAsync(string host, Guid guest, long mibps, CancellationToken ct) =>
        keeper.DoAsync(host, () => real.SetBandwidthAsync(host, guest, mibps, ct), ct);

    public Task AbortJobAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.AbortJobAsync(host, guest, ct), ct);

    public Task StartPostCopyAsync(string host, Guid guest, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.StartPostCopyAsync(host, guest, ct), ct);

    public Task SuspendAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.SuspendAsync(host, guest, ct), ct);

    public Task ResumeAsync(string host, Guid guest, CancellationToken ct) => keeper.ActAsync(host, () => real.ResumeAsync(host, guest, ct), ct);

    public Task<bool> RemoveLeftoverAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.RemoveLeftoverAsync(host, guest, mark, ct), ct);

    public Task KeepDefinitionAsync(string host, Guid guest, string at, DestinationChanges changes, CancellationToken ct) =>
        keeper.ActAsync(at, () => real.KeepDefinitionAsync(host, guest, at, changes, ct), ct);

    public Task EndBrokenGuestAsync(string host, Guid guest, MigrationMark mark, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.EndBrokenGuestAsync(host, guest, mark, ct), ct);
}
