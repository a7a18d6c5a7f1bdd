using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Abort, force-complete and the queue, in every state.</summary>
public sealed class SteeringTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task An_abort_while_accepted_leaves_the_guest_on_the_source()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.SlowCalls("b", TimeSpan.FromSeconds(2));
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Accepted);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task An_abort_while_preparing_leaves_the_guest_on_the_source_and_no_event_open()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.SlowCalls("b", TimeSpan.FromSeconds(2));
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Preparing);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        Assert.Empty(await plane.ReadAsync(db => db.InstanceActionEvents.Where(row => row.FinishTime == null).ToListAsync()));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_move_whose_instance_was_reset_meanwhile_can_still_be_aborted()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);
        await plane.ResetStateAsync(Guest, error: false);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task An_abort_asked_for_twice_is_one_abort()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.AbortAsync(Guest, id);
        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Forcing_twice_is_forcing_once_in_post_copy_too()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { WorkingSetMiB = 256 }),
            new LiveMigrationSettings { PermitPostCopy = true });
        plane.Cloud.SetDirtyRate(Guest, 5000);
        plane.Cloud.HoldAt(TransferPhase.PostCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);
        await plane.ForceCompleteAsync(Guest, id);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.RunningPostCopy);

        await plane.ForceCompleteAsync(Guest, id);

        plane.Cloud.Release(TransferPhase.PostCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_guest_that_was_paused_to_force_a_try_that_broke_runs_again_before_the_next_controller_tries()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);
        await plane.ForceCompleteAsync(Guest, id);
        await plane.UntilAsync(() => plane.Cloud.WhereRuns(Guest).Count == 0, "the guest is paused");
        await plane.KillAsync();
        plane.Cloud.KillLibvirtd("b");
        plane.Cloud.StartLibvirtd("b");
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        await plane.BootAgainAsync();

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["b"], plane.Cloud.WhereRuns(Guest));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guest_that_was_paused_to_force_a_move_that_failed_runs_again_even_if_its_instance_was_reset(bool error)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);
        await plane.ForceCompleteAsync(Guest, id);
        await plane.UntilAsync(() => plane.Cloud.WhereRuns(Guest).Count == 0, "the guest is paused");
        await plane.ResetStateAsync(Guest, error);
        await plane.UntilAsync(
            db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == Guest), row => row.PowerState == PowerState.Paused, "a look has seen it paused");

        plane.Cloud.BreakStream("a", "b");
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a"], plane.Cloud.WhereRuns(Guest));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Post_copy_that_must_wait_for_the_disks_is_asked_for_again_by_the_next_controller_too()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Disks = [Cluster.Disk("/srv/local")], WorkingSetMiB = 256 }),
            new LiveMigrationSettings { PermitPostCopy = true });
        plane.Cloud.SetDirtyRate(Guest, 5000);
        plane.Cloud.HoldAt(TransferPhase.DiskCopy);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.DiskCopy, Guest), "disks are copied");
        await plane.ForceCompleteAsync(Guest, id);
        await plane.KillAsync();

        await plane.BootAgainAsync();
        await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id),
            row => row.Reason?.StartsWith("refused so far, and asked for again: ", StringComparison.Ordinal) == true,
            "it says what is refused");
        await plane.PassAsync(TimeSpan.FromSeconds(30));
        plane.Cloud.Release(TransferPhase.DiskCopy);

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
        Assert.Equal(1, await plane.ReadAsync(db => db.Journal.CountAsync(line => line.MigrationId == id && line.Kind == JournalKind.PivotReturned)));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task The_queue_has_a_limit_for_the_whole_cloud_and_survives_a_death()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b", "c", "d").WithGuest(1, "a").WithGuest(2, "b"), new LiveMigrationSettings { MaxConcurrent = 1 });
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy, Guest);
        var first = await plane.MigrateAsync(Guest, "c");
        await plane.MigrationShouldReachAsync(first, MigrationStatus.Running);
        var second = await plane.MigrateAsync(Cluster.Guest(2), "d");
        var waiting = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == second), row => row.Reason is not null, "it says why it waits");
        Assert.Equal((MigrationStatus.Queued, "queued, 1 of 1: 1 of 1 moves in all under way or before it"), (waiting.Status, waiting.Reason));

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy, Guest);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(first)).Status);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(second)).Status);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_holds_no_migration_up()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);
        var nextYear = plane.Time.GetUtcNow().UtcDateTime.AddYears(1);
        await plane.ReadAsync(db => db.Migrations.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.RetryAt, nextYear)));
        await plane.KillAsync();

        await plane.BootAgainAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task A_step_after_the_switch_that_must_be_tried_again_holds_up_the_migration_but_not_the_instance()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.FailNext("b", SimulatedOperation.GetCompletedJob, new HypervisorUnavailable("b", "told to fail", null));
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(
            db => db.Journal.AnyAsync(line => line.MigrationId == id && line.Kind == JournalKind.StepFailed), failed => failed, "a step fails");

        var instance = await plane.InstanceAsync(Guest);

        Assert.Equal(("b", null, VmState.Active), (instance.Host, instance.TaskState, instance.VmState));
        Assert.Null((await plane.ReadAsync(db => db.Migrations.SingleAsync(row => row.Id == id))).FinishedAt);
        await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.MigrateAsync(Guest, "a"));
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }
}
