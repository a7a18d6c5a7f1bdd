using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>A storage server with one volume that nobody may use yet, and what is behind it.</summary>
/// <param name="Service">The service under test.</param>
/// <param name="Volume">The volume.</param>
/// <param name="Hosts">Two configured hosts.</param>
public sealed record VolumeScene(IVolumeService Service, Volume Volume, IReadOnlyList<string> Hosts);

/// <summary>What every <see cref="IVolumeService"/> does, simulated or real.</summary>
public abstract class VolumeServiceContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A scene for one test.</summary>
    protected abstract Task<VolumeScene> SetAsync();

    [Fact]
    public async Task A_host_is_let_in_and_shut_out_however_often_it_is_said()
    {
        var (service, volume, hosts) = await SetAsync();
        Assert.Empty(await service.ListConnectionsAsync(volume, Ct));

        await service.InitializeConnectionAsync(volume, hosts[0], Ct);
        await service.InitializeConnectionAsync(volume, hosts[1], Ct);
        await service.InitializeConnectionAsync(volume, hosts[1], Ct);
        Assert.Equal(hosts.Order(StringComparer.Ordinal), (await service.ListConnectionsAsync(volume, Ct)).Order(StringComparer.Ordinal));

        await service.TerminateConnectionAsync(volume, hosts[0], Ct);
        await service.TerminateConnectionAsync(volume, hosts[0], Ct);
        Assert.Equal([hosts[1]], await service.ListConnectionsAsync(volume, Ct));
    }

    [Fact]
    public async Task A_volume_that_is_gone_can_be_left_but_not_entered()
    {
        var (service, volume, hosts) = await SetAsync();
        var gone = volume with { Target = "iqn.2026-01.org.example:gone" };

        await service.TerminateConnectionAsync(gone, hosts[0], Ct);
        var refused = await Assert.ThrowsAsync<VolumeServiceRefused>(() => service.InitializeConnectionAsync(gone, hosts[0], Ct));
        Assert.Contains(gone.Target, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VolumeServiceRefused>(() => service.ListConnectionsAsync(gone, Ct));
    }

    [Fact]
    public async Task A_host_that_is_not_configured_is_refused()
    {
        var (service, volume, _) = await SetAsync();

        await Assert.ThrowsAsync<ComputeHostNotFound>(() => service.InitializeConnectionAsync(volume, "elsewhere", Ct));
    }

    [Fact]
    public async Task Only_disks_of_its_own_servers_are_volumes()
    {
        var (service, volume, _) = await SetAsync();
        var server = volume.Portal[..volume.Portal.LastIndexOf(':')];
        GuestDisk Disk(NetworkSource? source) => new("vda", "network", null, "raw", false, false, "disk", 0, 0) { Network = source };

        Assert.Equal(volume, service.Find(Disk(new("iscsi", $"{volume.Target}/1", server, 3260))));
        Assert.Equal(volume, service.Find(Disk(new("iscsi", volume.Target, server, null))));
        Assert.Null(service.Find(Disk(new("iscsi", $"{volume.Target}/1", server, 3261))));
        Assert.Null(service.Find(Disk(new("iscsi", $"{volume.Target}/1", "elsewhere", null))));
        Assert.Null(service.Find(Disk(new("nbd", volume.Target, server, 3260))));
        Assert.Null(service.Find(Disk(null)));
    }
}
