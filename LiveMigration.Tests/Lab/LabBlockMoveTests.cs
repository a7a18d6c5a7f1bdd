using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Guests whose disks their hosts do not share, on real hypervisors.</summary>
public sealed class LabBlockMoveTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    private static readonly LabGuestOptions LocalDisks = new()
    {
        DirtyMBPerSecond = 1,
        Disk = LabGuestDisk.Local,
        DiskMiB = 96,
        DiskFillMiB = 48,
        DiskHasBase = true,
        DiskMBPerSecond = 1,
        IsoMiB = 1,
    };

    [Fact]
    public async Task A_guest_moves_with_its_local_disk_what_it_rests_on_and_its_read_only_drive()
    {
        var controller = await StartControllerAsync(NewName());
        var guest = await StartGuestAsync(LocalDisks);
        await RestsOnAsync(controller, guest, Lab.HostA);
        var (sum, iso) = (await guest.DiskSumAsync(Ct), await IsoOnAsync(guest, Lab.HostA));

        var moved = await MoveAsync(controller, guest, Lab.HostB);

        Assert.Equal(("completed", null), (moved.Status, moved.Reason));
        Assert.Equal(sum, await guest.DiskSumAsync(Ct));
        Assert.Equal(iso, await IsoOnAsync(guest, Lab.HostB));
        await RestsOnAsync(controller, guest, Lab.HostB);
        await LivesOnlyOnAsync(guest, Lab.HostB);

        var back = await MoveAsync(controller, guest, Lab.HostA);

        Assert.Equal(("completed", null), (back.Status, back.Reason));
        Assert.Equal(sum, await guest.DiskSumAsync(Ct));
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }

    [Fact]
    public async Task A_destination_that_fails_in_mid_copy_leaves_the_disk_on_the_source_and_nothing_of_it_there()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync(LocalDisks with { DiskHasBase = false, IsoMiB = 0 });
        await RestsOnAsync(controller, guest, Lab.HostA);
        var sum = await guest.DiskSumAsync(Ct);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await Eventually.HoldsAsync(
            async () => (await controller.Nova.ShowMigrationAsync(migration.Id, Ct)).DiskProcessedBytes > 0, "the disk is being copied");

        var killed = await Lab.EnterAsync(Lab.HostB, ["virsh", "-q", "-c", "qemu:///system", "destroy", guest.Name], Ct);

        Assert.True(killed.Succeeded, killed.Error);
        var ended = await EndAsync(controller, migration);
        Assert.Equal("failed", ended.Status);
        await RestsOnAsync(controller, guest, Lab.HostA);
        Assert.Equal(sum, await guest.DiskSumAsync(Ct));
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }

    private static async Task<byte[]> IsoOnAsync(LabGuest guest, LabHost host) =>
        await File.ReadAllBytesAsync(Path.Combine(host.LocalDir, guest.Name + ".iso"), Ct);
}
