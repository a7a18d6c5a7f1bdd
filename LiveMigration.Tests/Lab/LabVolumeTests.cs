using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Real guests on real iSCSI volumes. Who is let in is asked of the storage server itself.</summary>
public sealed class LabVolumeTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    private static readonly LabGuestOptions OnAVolume = new() { DirtyMBPerSecond = 1, Disk = LabGuestDisk.Volume };

    [Fact]
    public async Task A_guest_on_a_volume_moves_there_and_back_and_only_its_host_is_let_in()
    {
        var controller = await StartControllerAsync(NewName());
        var guest = await StartGuestAsync(OnAVolume);
        await RestsOnAsync(controller, guest, Lab.HostA);
        Assert.Equal([Lab.HostA], await guest.LetInByVolumeAsync(Ct));

        foreach (var host in new[] { Lab.HostB, Lab.HostA })
        {
            var moved = await MoveAsync(controller, guest, host);

            Assert.Equal(("completed", null), (moved.Status, moved.Reason));
            Assert.Equal([host], await guest.LetInByVolumeAsync(Ct));
            Assert.Equal([host], await guest.UsingVolumeAsync(Ct));
            await LivesOnlyOnAsync(guest, host);
        }
    }

    [Fact]
    public async Task A_destination_whose_libvirtd_dies_during_the_transfer_is_shut_out_again()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync(OnAVolume);
        await RestsOnAsync(controller, guest, Lab.HostA);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(controller, migration);
        Assert.Equal([Lab.HostA, Lab.HostB], await guest.LetInByVolumeAsync(Ct));

        await Lab.KillAsync(Lab.HostB, LabDaemon.Libvirtd, Ct);
        Assert.Equal("failed", (await EndAsync(controller, migration)).Status);
        await Lab.StartDaemonAsync(Lab.HostB, LabDaemon.Libvirtd, Ct);

        await Eventually.HoldsAsync(
            async () => (await guest.LetInByVolumeAsync(Ct)).SequenceEqual([Lab.HostA]), "the volume lets in host-a alone");
        Assert.Equal([Lab.HostA], await guest.UsingVolumeAsync(Ct));
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }
}
