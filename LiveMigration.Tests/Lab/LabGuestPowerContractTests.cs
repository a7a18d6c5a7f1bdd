using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Lab;
using LiveMigration.Tests.Contract;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract of the switch, kept by libvirt.</summary>
[Xunit.Collection(SecondLabTests.Name)]
public sealed class LabGuestPowerContractTests(SecondLabFixture lab) : GuestPowerContract
{
    /// <inheritdoc/>
    protected override async ValueTask<IPowerCluster> StartClusterAsync()
    {
        await lab.ReadyAsync();
        return new Cluster(lab);
    }

    private sealed class Cluster(SecondLabFixture fixture) : IPowerCluster
    {
        private readonly List<LabGuest> _guests = [];

        public IGuestPower Power { get; } = new LibvirtGuestPower(fixture.Driver);

        public IGuestDiagnostics Diagnostics { get; } = new LibvirtGuestDiagnostics(fixture.Driver);

        public IComputeDriver Driver => fixture.Driver;

        public string Host => fixture.Cluster.HostA.Name;

        public async Task<Guid> StartGuestAsync()
        {
            var guest = await fixture.StartGuestAsync(new LabGuestOptions { Restarts = true });
            _guests.Add(guest);
            return guest.Uuid;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var guest in _guests)
            {
                await guest.StopAsync(CancellationToken.None);
            }
        }
    }
}
