using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract, kept by the simulated cloud.</summary>
public sealed class SimulatedVolumeServiceContractTests : VolumeServiceContract, IDisposable
{
    private readonly SimulatedCloud _cloud = new(
        Cluster.OfHosts("a", "b").WithVolume(Cluster.Volume(1)).Build(), new FakeTimeProvider());

    /// <inheritdoc/>
    public void Dispose() => _cloud.Dispose();

    /// <inheritdoc/>
    protected override Task<VolumeScene> SetAsync() =>
        Task.FromResult(new VolumeScene(new SimulatedVolumes(_cloud), Cluster.Volume(1), ["a", "b"]));
}
