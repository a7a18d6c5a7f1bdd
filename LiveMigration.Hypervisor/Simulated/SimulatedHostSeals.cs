using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The seals of a <see cref="SimulatedCloud"/>'s hosts; they outlive controllers, as those of real hosts do.</summary>
public sealed class SimulatedHostSeals(SimulatedCloud cloud) : IHostSeals
{
    /// <inheritdoc/>
    public Task<HostSeal?> FindAsync(string host, CancellationToken ct) => cloud.CallAsync(host, SimulatedOperation.FindSeal, h => h.Seal, ct);

    /// <inheritdoc/>
    public Task<HostSeal> PlaceAsync(string host, HostSeal seal, CancellationToken ct) => cloud.CallAsync(
        host,
        SimulatedOperation.PlaceSeal,
        h =>
        {
            if (h.Seal is null || h.Seal.Controller == seal.Controller) h.Seal = seal;
            return h.Seal;
        },
        ct);

    /// <inheritdoc/>
    public Task RemoveAsync(string host, Guid controller, CancellationToken ct) => cloud.CallAsync(
        host,
        SimulatedOperation.RemoveSeal,
        h =>
        {
            if (h.Seal?.Controller == controller) h.Seal = null;
            return true;
        },
        ct);
}
