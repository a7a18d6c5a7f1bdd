using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Volumes;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract, kept by <c>tgtadm</c> over ssh: what the simulation is held to.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabVolumeServiceContractTests(SecondLabFixture fixture) : VolumeServiceContract, IAsyncDisposable
{
    private const string Name = "contract";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await fixture.Cluster.RemoveVolumeAsync(Name, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task<VolumeScene> SetAsync()
    {
        await fixture.ReadyAsync();
        var target = await fixture.Cluster.NewVolumeAsync(Name, TestContext.Current.CancellationToken);
        return new VolumeScene(
            new TgtVolumes(fixture.Options, TimeProvider.System),
            new Volume(fixture.Cluster.Description.Storage.Portal, target),
            [.. fixture.Cluster.Hosts.Select(host => host.Name)]);
    }
}
