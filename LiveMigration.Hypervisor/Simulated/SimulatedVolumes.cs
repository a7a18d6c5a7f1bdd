using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Volumes;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>One controller's view of a cloud's storage server. It holds nothing.</summary>
public sealed class SimulatedVolumes(SimulatedCloud cloud) : IVolumeService
{
    /// <inheritdoc/>
    public Volume? Find(GuestDisk disk) =>
        IscsiVolume.Of(disk) is { } volume && cloud.HasVolume(volume) ? volume : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListConnectionsAsync(Volume volume, CancellationToken ct) => cloud.CallStorageAsync(
        volume, SimulatedVolumeOperation.ListConnections, IReadOnlyList<string> (storage) => [.. storage.HostsOf(volume)], ct);

    /// <inheritdoc/>
    public Task InitializeConnectionAsync(Volume volume, string host, CancellationToken ct) => cloud.CallStorageAsync(
        volume,
        SimulatedVolumeOperation.InitializeConnection,
        storage =>
        {
            cloud.OpenVolume(storage, volume, host);
            return true;
        },
        ct);

    /// <inheritdoc/>
    public Task TerminateConnectionAsync(Volume volume, string host, CancellationToken ct) => cloud.CallStorageAsync(
        volume,
        SimulatedVolumeOperation.TerminateConnection,
        storage =>
        {
            cloud.CloseVolume(storage, volume, host);
            return true;
        },
        ct);
}
