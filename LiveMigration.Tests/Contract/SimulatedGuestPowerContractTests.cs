using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract of the switch, kept by the simulated cloud.</summary>
public sealed class SimulatedGuestPowerContractTests : GuestPowerContract
{
    /// <inheritdoc/>
    protected override ValueTask<IPowerCluster> StartClusterAsync() => ValueTask.FromResult<IPowerCluster>(new Cloud());

    private sealed class Cloud : IPowerCluster
    {
        private readonly SimulatedCloud _cloud = new(Support.Cluster.OfHosts("a", "b").WithGuest(1, "a"), TimeProvider.System);

        public Cloud()
        {
            Power = new SimulatedGuestPower(_cloud);
            Diagnostics = new SimulatedGuestDiagnostics(_cloud);
            Driver = new SimulatedDriver(_cloud);
        }

        public IGuestPower Power { get; }

        public IGuestDiagnostics Diagnostics { get; }

        public IComputeDriver Driver { get; }

        public string Host => "a";

        public Task<Guid> StartGuestAsync() => Task.FromResult(Support.Cluster.Guest(1));

        public ValueTask DisposeAsync()
        {
            Assert.Empty(_cloud.Audit());
            _cloud.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
