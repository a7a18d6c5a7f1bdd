using System.Net;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Moves as they should be, over HTTP, between two real hypervisors.</summary>
public sealed class LabMoveTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Fact]
    public async Task A_real_guest_moves_there_and_back_and_misses_no_tick()
    {
        var controller = await StartControllerAsync(NewName());
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);

        var there = await MoveAsync(controller, guest, Lab.HostB);

        Assert.Equal(("completed", null), (there.Status, there.Reason));
        Assert.True(there.DowntimeMs > 0 && there.TransferMs > there.DowntimeMs, there.ToString());
        await RestsOnAsync(controller, guest, Lab.HostB);
        await LivesOnlyOnAsync(guest, Lab.HostB);

        var back = await MoveAsync(controller, guest, Lab.HostA);

        Assert.Equal(("completed", null), (back.Status, back.Reason));
        await RestsOnAsync(controller, guest, Lab.HostA);
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }

    [Fact]
    public async Task A_second_request_is_a_conflict()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);
        var first = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);

        var second = await controller.Nova.RequestMoveAsync(guest.Uuid, Lab.HostB.Name, Ct);

        Assert.Equal(HttpStatusCode.Conflict, second.Status);
        Assert.Equal([first.Id], await controller.Nova.MigrationsOfAsync(guest.Uuid, Ct));
        Assert.Equal("completed", (await EndAsync(controller, first)).Status);
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }

    [Fact]
    public async Task An_aborted_move_leaves_the_guest_on_the_source()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(controller, migration);

        Assert.Equal(HttpStatusCode.Accepted, await controller.Nova.AbortAsync(guest.Uuid, migration.Id, Ct));

        Assert.Equal("cancelled", (await EndAsync(controller, migration)).Status);
        await RestsOnAsync(controller, guest, Lab.HostA);
        await LivesOnlyOnAsync(guest, Lab.HostA);
    }

    [Fact]
    public async Task A_guest_moved_by_hand_with_virsh_is_noticed()
    {
        // No sweep comes to help: the hosts tell.
        var controller = await StartControllerAsync(NewName(), "--LiveMigration:SweepIntervalSeconds=3600");
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);

        await guest.MoveByHandAsync(Lab.HostA, Lab.HostB, Ct);

        await RestsOnAsync(controller, guest, Lab.HostB);
        Assert.Empty(await controller.Nova.MigrationsOfAsync(guest.Uuid, Ct));
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }
}
