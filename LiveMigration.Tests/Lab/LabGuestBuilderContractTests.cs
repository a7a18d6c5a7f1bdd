using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract, kept by libvirt: what the simulation is held to.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabGuestBuilderContractTests(SecondLabFixture lab) : GuestBuilderContract
{
    /// <inheritdoc/>
    protected override async Task<BuilderScene> SetAsync()
    {
        await lab.ReadyAsync();
        return new BuilderScene(
            new LibvirtGuestBuilder(lab.Driver), lab.Driver, new LibvirtDiskImages(lab.Driver), lab.Cluster.HostA.Name, lab.Cluster.Description.OnHosts.SharedDir);
    }
}
