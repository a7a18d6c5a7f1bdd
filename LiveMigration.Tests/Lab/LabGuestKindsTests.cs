using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Real guests that do something of their own while they move.</summary>
public sealed class LabGuestKindsTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Fact]
    public async Task A_guest_that_powers_off_in_mid_transfer_is_off_on_the_source()
    {
        // Slower still: on a busy machine the guest takes its time to power off, and must not arrive before.
        var controller = await StartControllerAsync(NewName(), "--LiveMigration:BandwidthMiBps=1");
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(controller, migration);

        await guest.PowerOffAsync(Ct);

        var ended = await EndAsync(controller, migration);
        Assert.Equal("failed", ended.Status);
        Assert.EndsWith($"The guest has powered off on {Lab.HostA.Name}", ended.Reason, StringComparison.Ordinal);
        Assert.Equal([new GuestPlace(Lab.HostA, "shut off")], await guest.WhereAsync(Ct));
        Assert.Equal("SHUTOFF", (await controller.Nova.FindServerAsync(guest.Uuid, Ct))?.Status);
    }

    [Fact]
    public async Task A_guest_of_two_processors_that_reboots_in_mid_transfer_arrives()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync(new LabGuestOptions { DirtyMBPerSecond = 1, Vcpus = 2, Restarts = true });
        await RestsOnAsync(controller, guest, Lab.HostA);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(controller, migration);

        await guest.RebootAsync(Ct);

        Assert.Equal("completed", (await EndAsync(controller, migration)).Status);
        await RestsOnAsync(controller, guest, Lab.HostB);
        await guest.WaitForTicksAsync(2, TimeProvider.System, Ct);
        Assert.Equal([new GuestPlace(Lab.HostB, "running")], await guest.WhereAsync(Ct));
        Assert.True((await guest.AuditAsync(Ct)).Doubled > 0, "it booted a second time");
    }

    [Fact]
    public async Task A_guest_shut_down_after_its_arrival_while_no_controller_lived_is_off_on_the_destination()
    {
        var name = NewName();
        var killed = await StartControllerAsync(name, "--LiveMigration:BandwidthMiBps=32");
        var guest = await StartGuestAsync();
        await RestsOnAsync(killed, guest, Lab.HostA);
        var migration = await killed.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(killed, migration);
        killed.Process.Kill();
        await killed.Process.WaitForExitAsync(Ct);
        await Eventually.HoldsAsync(
            async () => (await guest.WhereAsync(Ct)).SequenceEqual([new GuestPlace(Lab.HostB, "running")]), "it arrives without us");
        await guest.PowerOffAsync(Ct);
        await Eventually.HoldsAsync(
            async () => (await guest.WhereAsync(Ct)).SequenceEqual([new GuestPlace(Lab.HostB, "shut off")]), "it is off");

        var next = await StartControllerAsync(name);

        var ended = await EndAsync(next, migration);
        Assert.Equal(("completed", null), (ended.Status, ended.Reason));
        Assert.Equal([new GuestPlace(Lab.HostB, "shut off")], await guest.WhereAsync(Ct));
        await Eventually.HoldsAsync(
            async () => await next.Nova.FindServerAsync(guest.Uuid, Ct) is { Status: "SHUTOFF" } server && server.Host == Lab.HostB.Name,
            "it is shown off on its new host");
    }
}
