using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Bad days: whatever dies, the guest runs once, and the record says where.</summary>
public sealed class LiveMigrationFaultTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    /// <summary>How many journal writes moves from their first line to their last make; tests of that name hold them.</summary>
    private const int PlainWrites = 16;
    private const int DiskWrites = 17;
    private const int VolumeWrites = 18;

    [Fact]
    public async Task A_plain_move_makes_no_write_for_steps_with_nothing_to_do() =>
        Assert.Equal(PlainWrites, await WritesAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a")));

    [Fact]
    public async Task Moves_make_as_many_journal_writes_as_are_tried_to_die_at()
    {
        Assert.Equal(DiskWrites, await WritesAsync(WithLocalDisk()));
        Assert.Equal(VolumeWrites, await WritesAsync(WithVolume()));
    }

    public static TheoryData<int, bool> DeathsWithDisk() => Deaths(DiskWrites);

    public static TheoryData<int, bool> DeathsWithVolume() => Deaths(VolumeWrites);

    [Theory]
    [MemberData(nameof(DeathsWithVolume))]
    public async Task A_controller_killed_at_any_journal_write_finishes_the_move_when_it_is_back(int write, bool after)
    {
        await using var plane = await ControlPlane.StartAsync(WithVolume(), death: new Death(write, after));
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");

        await plane.KillAsync();
        await plane.BootAgainAsync();

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Completed, migration.Status);
        Assert.Equal("b", (await plane.InstanceAsync(Guest)).Host);
        Assert.Equal(["b"], plane.Cloud.AccessTo(Cluster.Volume(1)));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [MemberData(nameof(DeathsWithDisk))]
    public async Task A_controller_killed_at_any_journal_write_moves_a_local_disk_all_the_same(int write, bool after)
    {
        await using var plane = await ControlPlane.StartAsync(WithLocalDisk(), death: new Death(write, after));
        var content = plane.Cloud.ContentOf("a", "/srv/local/disk.qcow2");
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");

        await plane.KillAsync();
        await plane.BootAgainAsync();

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(content, plane.Cloud.ContentOf("b", "/srv/local/disk.qcow2"));
        Assert.Null(plane.Cloud.ContentOf("a", "/srv/local/disk.qcow2"));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(TransferPhase.Preparing)]
    [InlineData(TransferPhase.MemoryCopy)]
    [InlineData(TransferPhase.BeforeHandover)]
    [InlineData(TransferPhase.Handover)]
    [InlineData(TransferPhase.AfterHandover)]
    public async Task A_controller_killed_in_any_phase_of_the_transfer_attaches_again(TransferPhase phase)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(phase);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(phase, Guest), $"the transfer is in {phase}");

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.Cloud.Release(phase);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_controller_killed_in_post_copy_attaches_again()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { WorkingSetMiB = 256 }),
            new Core.Settings.LiveMigrationSettings { PermitPostCopy = true });
        plane.Cloud.SetDirtyRate(Guest, 5000);
        plane.Cloud.HoldAt(TransferPhase.PostCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);
        await plane.ForceCompleteAsync(Guest, id);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.RunningPostCopy);

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.Cloud.Release(TransferPhase.PostCopy);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_destination_whose_libvirtd_dies_leaves_the_guest_on_the_source_and_the_reason_in_the_record()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");

        plane.Cloud.KillLibvirtd("b");

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.NotNull(migration.Reason);
        Assert.Equal(("a", VmState.Active), ((await plane.InstanceAsync(Guest)).Host, (await plane.InstanceAsync(Guest)).VmState));
        var failed = await plane.ReadAsync(db => db.InstanceActionEvents.SingleAsync(row => row.Event == "compute_live_migration"));
        Assert.Equal(("Error", migration.Reason), (failed.Result, failed.Details));

        plane.Cloud.StartLibvirtd("b");
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the destination is tidied");
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_guest_whose_QEMU_dies_at_the_source_is_not_called_moved()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");

        plane.Cloud.KillQemu("a", Guest);

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.NotEqual(MigrationStatus.Completed, migration.Status);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal("a", instance.Host);
        Assert.NotEqual(VmState.Active, instance.VmState);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_down_and_is_not_chosen()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.CutControl("b");
        await plane.UntilAsync(db => db.ComputeNodes.SingleAsync(node => node.Host == "b"), node => !node.IsUp, "b is down");

        var refused = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        Assert.Equal(MigrationStatus.Error, refused.Status);
        Assert.Contains("b: down", refused.Reason, StringComparison.Ordinal);

        plane.Cloud.HealControl("b");
        await plane.UntilAsync(db => db.ComputeNodes.SingleAsync(node => node.Host == "b"), node => node.IsUp, "b is up");
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);
    }

    [Fact]
    public async Task While_the_source_is_silent_after_the_switch_the_guest_is_not_held_up()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");

        plane.Cloud.CutControl("a");
        plane.Cloud.Release(TransferPhase.AfterHandover);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("b", (await plane.InstanceAsync(Guest)).Host);
        Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync()));

        plane.Cloud.HealControl("a");
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(SimulatedOperation.CompareCpu)]
    [InlineData(SimulatedOperation.CreateStorageProbe)]
    [InlineData(SimulatedOperation.SetMark)]
    public async Task A_step_that_fails_before_the_transfer_leaves_no_trace(SimulatedOperation operation)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.FailNext(operation == SimulatedOperation.SetMark ? "a" : "b", operation, new Core.Errors.HypervisorRefused("host", "told to fail"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.True(migration.Status is MigrationStatus.Error or MigrationStatus.Failed);
        Assert.Contains("told to fail", migration.Reason, StringComparison.Ordinal);
        await plane.ShouldBeTidyAsync(Guest);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);
    }

    /// <summary>Takes the five seconds that a locked database is given.</summary>
    [Fact]
    public async Task While_the_database_is_locked_a_request_fails_clearly_and_leaves_nothing_half_written()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await using (var other = new SqliteConnection($"Data Source={plane.StateFile};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();

            var refused = await Assert.ThrowsAnyAsync<Exception>(() => plane.MigrateAsync(Guest));

            Assert.Equal("it is locked by another program", SqliteFaults.Explain(refused));
        }

        Assert.Null((await plane.InstanceAsync(Guest)).TaskState);
        Assert.Empty(await plane.ReadAsync(db => db.Migrations.ToListAsync()));
        Assert.Empty(await plane.ReadAsync(db => db.InstanceActions.ToListAsync()));
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);
    }

    private static Cluster WithLocalDisk() =>
        Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Disks = [Cluster.Disk("/srv/local")] });

    private static Cluster WithVolume() =>
        Cluster.OfHosts("a", "b").WithVolume(Cluster.Volume(1), "a").WithGuestOn(Cluster.Volume(1), 1, "a");

    private static async Task<int> WritesAsync(Cluster cluster)
    {
        await using var plane = await ControlPlane.StartAsync(cluster);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        return plane.Fate.Writes;
    }

    private static TheoryData<int, bool> Deaths(int writes)
    {
        TheoryData<int, bool> deaths = [];
        foreach (var write in Enumerable.Range(1, writes))
        {
            deaths.Add(write, false);
            deaths.Add(write, true);
        }

        return deaths;
    }
}
