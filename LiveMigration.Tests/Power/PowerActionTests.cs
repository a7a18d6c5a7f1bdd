using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Power;

/// <summary>Power actions from the request to the end, over a simulated cloud.</summary>
public sealed class PowerActionTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Theory]
    [InlineData(PowerAction.Pause, VmState.Paused, PowerState.Paused, "pause", "compute_pause_instance")]
    [InlineData(PowerAction.Suspend, VmState.Suspended, PowerState.Suspended, "suspend", "compute_suspend_instance")]
    [InlineData(PowerAction.Stop, VmState.Stopped, PowerState.Shutdown, "stop", "compute_stop_instance")]
    [InlineData(PowerAction.RebootSoft, VmState.Active, PowerState.Running, "reboot", "compute_reboot_instance")]
    [InlineData(PowerAction.RebootHard, VmState.Active, PowerState.Running, "reboot", "compute_reboot_instance")]
    public async Task A_running_server_gets_where_it_was_asked_to(PowerAction action, VmState vm, PowerState power, string name, string work)
    {
        await using var plane = await StartAsync();

        await plane.PowerAsync(Guest, action);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal((vm, power), (instance.VmState, instance.PowerState));
        var recorded = await ActionAsync(plane);
        Assert.Equal((name, null), (recorded.Action, recorded.Message));
        Assert.Equal((work, "Success", "a"), (recorded.Events.Single().Event, recorded.Events.Single().Result, recorded.Events.Single().Host));
        Assert.Empty(await plane.ReadAsync(db => db.PowerTasks.ToListAsync()));
    }

    [Theory]
    [InlineData(PowerAction.Pause, PowerAction.Unpause)]
    [InlineData(PowerAction.Suspend, PowerAction.Resume)]
    [InlineData(PowerAction.Stop, PowerAction.Start)]
    [InlineData(PowerAction.Stop, PowerAction.RebootHard)]
    [InlineData(PowerAction.Suspend, PowerAction.RebootHard)]
    public async Task And_back(PowerAction there, PowerAction back)
    {
        await using var plane = await StartAsync();
        await plane.PowerAsync(Guest, there);
        await plane.InstanceShouldSettleAsync(Guest);

        await plane.PowerAsync(Guest, back);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal((VmState.Active, PowerState.Running), (instance.VmState, instance.PowerState));
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);
    }

    [Theory]
    [InlineData(PowerAction.Unpause, "unpause")]
    [InlineData(PowerAction.Resume, "resume")]
    [InlineData(PowerAction.Start, "start")]
    public async Task A_running_server_is_not_started(PowerAction action, string name)
    {
        await using var plane = await StartAsync();

        var refusal = await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.PowerAsync(Guest, action));

        Assert.Equal($"Cannot '{name}' instance {Guest} while it is in vm_state active", refusal.Message);
        Assert.Empty(await plane.ReadAsync(db => db.InstanceActions.ToListAsync()));
    }

    [Theory]
    [InlineData(PowerAction.Pause, "pause")]
    [InlineData(PowerAction.Stop, "stop")]
    [InlineData(PowerAction.Suspend, "suspend")]
    [InlineData(PowerAction.RebootSoft, "reboot")]
    [InlineData(PowerAction.RebootHard, "reboot")]
    public async Task A_moving_server_is_left_alone(PowerAction action, string name)
    {
        await using var plane = await StartAsync();
        var migration = await plane.HoldInMidCopyAsync(Guest);

        var refusal = await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.PowerAsync(Guest, action));
        Assert.Equal($"Cannot '{name}' instance {Guest} while it is in task_state migrating", refusal.Message);

        await plane.ResetStateAsync(Guest, error: false);
        await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.PowerAsync(Guest, action));

        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(migration);
    }

    [Fact]
    public async Task A_locked_server_obeys_only_the_admin()
    {
        await using var plane = await StartAsync();
        await plane.ReadAsync(db => db.Instances.ExecuteUpdateAsync(set => set.SetProperty(row => row.Locked, true)));

        await Assert.ThrowsAsync<InstanceIsLocked>(() => plane.PowerAsync(Guest, PowerAction.Pause, asAdmin: false));
        await plane.PowerAsync(Guest, PowerAction.Pause);

        Assert.Equal(VmState.Paused, (await plane.InstanceShouldSettleAsync(Guest)).VmState);
    }

    [Theory]
    [InlineData(PowerAction.Stop, VmState.Stopped, 6)]
    [InlineData(PowerAction.RebootSoft, VmState.Active, 8)]
    public async Task One_that_does_not_listen_loses_its_power_in_the_end(PowerAction action, VmState end, int seconds)
    {
        await using var plane = await StartAsync();
        plane.Cloud.IgnorePowerButton(Guest);
        var asked = plane.Time.GetUtcNow();

        await plane.PowerAsync(Guest, action);
        Assert.NotNull((await plane.InstanceAsync(Guest)).TaskState);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(end, instance.VmState);
        Assert.InRange((plane.Time.GetUtcNow() - asked).TotalSeconds, seconds, seconds + 5);
    }

    [Fact]
    public async Task A_stop_that_is_no_longer_wanted_does_not_take_the_power_away()
    {
        await using var plane = await StartAsync();
        plane.Cloud.IgnorePowerButton(Guest);
        await plane.PowerAsync(Guest, PowerAction.Stop);

        await plane.ResetStateAsync(Guest, error: false);
        var later = plane.Time.GetUtcNow().AddSeconds(12);
        await plane.UntilAsync(() => plane.Time.GetUtcNow() > later, "the time is over");

        Assert.Equal(GuestState.Running, (await new SimulatedDriver(plane.Cloud).FindGuestAsync("a", Guest, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task A_server_that_is_only_running_is_not_stopped()
    {
        await using var plane = await StartAsync(persistent: false);

        await plane.PowerAsync(Guest, PowerAction.Stop);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(VmState.Active, instance.VmState);
        var recorded = await ActionAsync(plane);
        Assert.Equal("Error", recorded.Message);
        Assert.Contains("it would be gone", recorded.Events.Single().Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PowerAction.RebootSoft)]
    [InlineData(PowerAction.RebootHard)]
    public async Task But_it_is_rebooted(PowerAction action)
    {
        await using var plane = await StartAsync(persistent: false);

        await plane.PowerAsync(Guest, action);
        await plane.InstanceShouldSettleAsync(Guest);

        Assert.Contains(plane.Cloud.History, entry => entry.What == "restarted");
    }

    [Fact]
    public async Task A_host_that_is_away_lets_the_action_fail_and_the_server_be()
    {
        await using var plane = await StartAsync();
        plane.Cloud.CutControl("a");

        await plane.PowerAsync(Guest, PowerAction.Pause);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(VmState.Active, instance.VmState);
        Assert.Equal("Error", (await ActionAsync(plane)).Message);
    }

    [Fact]
    public async Task A_host_that_falls_silent_in_the_middle_is_waited_for()
    {
        await using var plane = await StartAsync();
        plane.Cloud.LoseReply("a", SimulatedOperation.SaveGuest);

        await plane.PowerAsync(Guest, PowerAction.Suspend);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(VmState.Suspended, instance.VmState);
        Assert.Equal("Success", (await ActionAsync(plane)).Events.Single().Result);
    }

    [Theory]
    [InlineData(PowerAction.Stop, VmState.Stopped)]
    [InlineData(PowerAction.RebootSoft, VmState.Active)]
    public async Task What_a_dead_controller_left_is_brought_to_its_end(PowerAction action, VmState end)
    {
        await using var plane = await StartAsync();
        plane.Cloud.IgnorePowerButton(Guest);
        await plane.PowerAsync(Guest, action);
        await plane.UntilAsync(db => db.PowerTasks.CountAsync(task => task.BegunAt != null), count => count == 1, "it is begun");
        await plane.KillAsync();

        await plane.BootAgainAsync();
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(end, instance.VmState);
        Assert.Equal("Success", (await ActionAsync(plane)).Events.Single().Result);
    }

    [Fact]
    public async Task A_hard_reboot_breaks_into_what_hangs()
    {
        await using var plane = await StartAsync();
        plane.Cloud.IgnorePowerButton(Guest);
        await plane.PowerAsync(Guest, PowerAction.RebootSoft);

        await plane.PowerAsync(Guest, PowerAction.RebootHard);
        var instance = await plane.InstanceShouldSettleAsync(Guest);

        Assert.Equal(VmState.Active, instance.VmState);
        Assert.Contains(plane.Cloud.RunLedger, entry => !entry.Runs);
    }

    [Fact]
    public async Task One_that_an_operator_calls_broken_stays_so_until_something_is_done_about_it()
    {
        await using var plane = await StartAsync();
        await plane.ResetStateAsync(Guest, error: true);
        var later = plane.Time.GetUtcNow().AddSeconds(15);
        await plane.UntilAsync(() => plane.Time.GetUtcNow() > later, "every guest was looked at again");
        Assert.Equal(VmState.Error, (await plane.InstanceAsync(Guest)).VmState);

        await plane.PowerAsync(Guest, PowerAction.RebootHard);

        Assert.Equal(VmState.Active, (await plane.InstanceShouldSettleAsync(Guest)).VmState);
    }

    [Fact]
    public async Task Two_who_ask_at_once_are_not_both_served()
    {
        await using var plane = await StartAsync();
        plane.Cloud.IgnorePowerButton(Guest);

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Record.ExceptionAsync(() => plane.PowerAsync(Guest, PowerAction.Stop)).AsTask()));

        Assert.Single(asked, failure => failure is null);
        Assert.All(asked.OfType<Exception>(), failure => Assert.IsType<InstanceInvalidState>(failure));
    }

    private static Task<ControlPlane> StartAsync(bool persistent = true) =>
        ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Persistent = persistent }),
            new LiveMigrationSettings { SweepIntervalSeconds = 5, ReportIntervalSeconds = 1 });

    private static Task<InstanceAction> ActionAsync(ControlPlane plane) =>
        plane.ReadAsync(db => db.InstanceActions.AsNoTracking().Include(row => row.Events).OrderBy(row => row.Id).LastAsync());
}
