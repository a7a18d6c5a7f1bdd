using LiveMigration.Core.Conductor;
using LiveMigration.Core.Images;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Support;

/// <content>Servers that are made and removed.</content>
internal sealed partial class ControlPlane
{
    public const string DiskFolder = "/srv/shared";

    /// <summary>A flavor that there is from the beginning: 512 MiB, one processor, a disk of 1 GiB.</summary>
    public const string Tiny = "1";

    public ServerSettings Servers => new(
        Path.Combine(_folder, "images"), DiskFolder, [new GuestNetwork(NameBasedId.Of("network", "lan"), "lan", "br0")]);

    /// <summary>Puts an image into the folder, with a kernel and an initramfs if wanted.</summary>
    public Guid PutImage(string name = "lab", bool withKernel = false)
    {
        var folder = Directory.CreateDirectory(Servers.ImageFolder).FullName;
        File.WriteAllBytes(Path.Combine(folder, $"{name}.raw"), new byte[1 << 20]);
        if (withKernel)
        {
            File.WriteAllBytes(Path.Combine(folder, "vmlinuz"), new byte[4096]);
            File.WriteAllBytes(Path.Combine(folder, "initramfs"), new byte[4096]);
            File.WriteAllText(
                Path.Combine(folder, $"{name}.json"),
                """{"kernel": "vmlinuz", "initramfs": "initramfs", "properties": {"os_command_line": "quiet"}}""");
        }

        return NameBasedId.Of("image", name);
    }

    public async Task<Guid> CreateAsync(
        string? host = null, bool withKernel = false, bool filtered = true, int count = 1, InstanceOrigin? origin = null)
    {
        var request = new CreateServers.Request(
            "made", count, PutImage(withKernel: withKernel), Tiny, Networks: null, host, filtered, origin ?? new InstanceOrigin(), Caller());
        return (await WaitAsync(SendAsync(request))).Instances[0];
    }

    public Task DeleteAsync(Guid server) => WaitAsync(SendAsync(new DeleteServer.Request(server, Caller())));

    public Task<Instance> ServerShouldBeAsync(Guid server, VmState state) => UntilAsync(
        db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == server),
        instance => instance.VmState == state && instance.TaskState is null,
        $"the server is {state}");

    /// <summary>Its making is over, well or badly.</summary>
    public async Task<Instance> BuildShouldEndAsync(Guid server)
    {
        await UntilAsync(
            db => db.InstanceBuilds.AsNoTracking().Where(row => row.InstanceUuid == server).ToListAsync(),
            builds => builds.TrueForAll(build => build.FinishedAt is not null && build.LeaseOwner is null),
            "the build ends");
        return await InstanceAsync(server);
    }

    /// <summary>A server that runs is on its host and no other, with its files; of any other nothing is anywhere.</summary>
    public async Task ShouldBeWholeOrGoneAsync(Guid server)
    {
        Assert.Empty(Cloud.Audit());
        var instance = await InstanceAsync(server);
        Assert.Null(instance.TaskState);
        var runs = instance.VmState == VmState.Active;
        Assert.True(runs || instance.VmState is VmState.Error or VmState.Deleted, $"{instance.VmState}");
        Assert.Equal(instance.VmState == VmState.Error, instance.FaultMessage is not null);
        var driver = new SimulatedDriver(Cloud);
        foreach (var host in Cloud.Hosts)
        {
            var isHere = runs && host == instance.Host;
            Assert.Equal(isHere, await WaitAsync(driver.FindGuestAsync(host, server, CancellationToken.None)) is not null);
            if (!runs)
            {
                Assert.DoesNotContain(Cloud.ImagesOn(host), path => path.Contains(server.ToString(), StringComparison.Ordinal));
            }
        }

        if (runs)
        {
            // The console's log is QEMU's to make.
            Assert.All(
                instance.Origin.Files.Where(path => !path.EndsWith(".log", StringComparison.Ordinal)),
                path => Assert.Contains(path, Cloud.ImagesOn(instance.Host)));
        }
    }
}
