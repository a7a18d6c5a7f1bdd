using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract of seals, kept by libvirt.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabHostSealsContractTests(SecondLabFixture lab) : HostSealsContract
{
    /// <inheritdoc/>
    protected override string Host => lab.Cluster.HostA.Name;

    /// <inheritdoc/>
    protected override async ValueTask<IHostSeals> StartAsync()
    {
        await lab.ReadyAsync();
        return new LibvirtHostSeals(lab.Driver);
    }

    /// <inheritdoc/>
    protected override ValueTask StopAsync() => ValueTask.CompletedTask;
}
