using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Deaths and absences in real moves.</summary>
public sealed class LabFaultTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    [Fact]
    public async Task A_controller_killed_in_mid_transfer_finishes_the_move_when_started_again()
    {
        var name = NewName();
        var killed = await StartControllerAsync(name, Slowly);
        var guest = await StartGuestAsync();
        await RestsOnAsync(killed, guest, Lab.HostA);
        var migration = await killed.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(killed, migration);

        killed.Process.Kill();
        await killed.Process.WaitForExitAsync(Ct);
        var next = await StartControllerAsync(name, Slowly);

        var ended = await EndAsync(next, migration);
        Assert.Equal(("completed", migration.Uuid), (ended.Status, ended.Uuid));
        Assert.Equal([migration.Id], await next.Nova.MigrationsOfAsync(guest.Uuid, Ct));
        await RestsOnAsync(next, guest, Lab.HostB);
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }

    [Fact]
    public async Task A_controller_told_to_end_in_mid_transfer_hands_it_over_and_the_next_finishes_it()
    {
        var name = NewName();
        var first = await StartControllerAsync(name, Slowly);
        var guest = await StartGuestAsync();
        await RestsOnAsync(first, guest, Lab.HostA);
        var migration = await first.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(first, migration);

        // What supervisors do: ask, and kill whoever has not ended in time. 0 is the answer of one that ended by itself.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        Assert.Equal(0, await first.Process.StopAsync(patience.Token));
        Assert.Contains(new GuestPlace(Lab.HostA, "running"), await guest.WhereAsync(Ct));
        var next = await StartControllerAsync(name, Slowly);

        var ended = await EndAsync(next, migration);
        Assert.Equal(("completed", migration.Uuid), (ended.Status, ended.Uuid));
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }

    [Fact]
    public async Task A_destination_whose_libvirtd_dies_during_the_transfer_leaves_the_guest_on_the_source()
    {
        var controller = await StartControllerAsync(NewName(), Slowly);
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);
        var migration = await controller.Nova.MoveAsync(guest.Uuid, Lab.HostB.Name, Ct);
        await CopiesAsync(controller, migration);

        await Lab.KillAsync(Lab.HostB, LabDaemon.Libvirtd, Ct);

        var ended = await EndAsync(controller, migration);
        Assert.Equal("failed", ended.Status);
        Assert.False(string.IsNullOrWhiteSpace(ended.Reason));
        await RestsOnAsync(controller, guest, Lab.HostA);
        var events = await controller.Nova.EventsAsync(guest.Uuid, migration.RequestId, Ct);
        Assert.Contains(events, one => one is { Result: "Error", Details.Length: > 0 });

        await Lab.StartDaemonAsync(Lab.HostB, LabDaemon.Libvirtd, Ct);
        await IsAsync(controller, Lab.HostB, "up");
        var again = await MoveAsync(controller, guest, Lab.HostB);
        Assert.Equal(("completed", null), (again.Status, again.Reason));
        await LivesOnlyOnAsync(guest, Lab.HostB);
    }

    [Fact]
    public async Task A_host_that_is_away_at_start_makes_its_service_down_and_nothing_slow()
    {
        var patience = TimeSpan.FromSeconds(5);
        await Lab.CutAsync(Lab.HostB, Ct);
        var began = TimeProvider.System.GetTimestamp();
        var controller = await StartControllerAsync(NewName());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, 3 * patience);

        await IsAsync(controller, Lab.HostA, "up");
        var guest = await StartGuestAsync();
        await RestsOnAsync(controller, guest, Lab.HostA);
        began = TimeProvider.System.GetTimestamp();
        Assert.Equal("down", (await controller.Nova.ServicesAsync(Ct))[Lab.HostB.Name]);
        Assert.NotNull(await controller.Nova.FindServerAsync(guest.Uuid, Ct));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, patience);

        await Lab.HealAsync(Lab.HostB, Ct);
        await IsAsync(controller, Lab.HostB, "up");
    }


    private static Task IsAsync(LabController controller, LabHost host, string state) => Eventually.HoldsAsync(
        async () => (await controller.Nova.ServicesAsync(Ct)).GetValueOrDefault(host.Name) == state,
        $"the service of {host.Name} is {state}");
}
