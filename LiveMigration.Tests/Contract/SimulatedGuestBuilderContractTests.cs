using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract, kept by the simulated cloud.</summary>
public sealed class SimulatedGuestBuilderContractTests : GuestBuilderContract, IDisposable
{
    private readonly SimulatedCloud _cloud = new(Cluster.OfHosts("a", "b").Build(), new FakeTimeProvider());

    /// <inheritdoc/>
    public void Dispose() => _cloud.Dispose();

    /// <inheritdoc/>
    protected override Task<BuilderScene> SetAsync() => Task.FromResult(new BuilderScene(
        new SimulatedGuestBuilder(_cloud), new SimulatedDriver(_cloud), new SimulatedDiskImages(_cloud), "a", "/srv/shared"));
}
