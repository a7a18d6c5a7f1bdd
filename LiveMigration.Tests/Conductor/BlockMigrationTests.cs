using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Disks that the hosts do not share: what moves, what is made and removed, and what is never touched.</summary>
public sealed class BlockMigrationTests
{
    private const string Local = "/srv/local/disk.qcow2";
    private const string Base = "/srv/local/base.qcow2";
    private const string ConfigDrive = "/srv/local/config.iso";
    private static readonly Guid Guest = Cluster.Guest(1);

    private static readonly GuestDisk Iso = new(
        "sda", "file", ConfigDrive, "raw", ReadOnly: true, Shareable: false, "cdrom", 1 << 19, 1 << 19);

    [Fact]
    public async Task A_local_disk_moves_with_its_guest_there_and_back_and_nothing_is_left_behind()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        var content = plane.Cloud.ContentOf("a", Local);

        foreach (var (from, to) in new[] { ("a", "b"), ("b", "a") })
        {
            var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, to));

            Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
            Assert.True(migration.DiskTotalBytes > 0);
            Assert.Equal(content, plane.Cloud.ContentOf(to, Local));
            Assert.Null(plane.Cloud.ContentOf(from, Local));
            await plane.ShouldBeTidyAsync(Guest);
        }
    }

    [Fact]
    public async Task Without_block_migration_a_local_disk_is_refused_by_its_name()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));

        var refusal = await Assert.ThrowsAsync<InvalidSharedStorage>(
            () => plane.MigrateAsync(Guest, "b", wait: true, scheduled: false, block: BlockMigration.No));

        Assert.Contains($"vda ({Local})", refusal.Message, StringComparison.Ordinal);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_config_drive_is_copied_as_it_is_and_the_shared_disk_beside_it_is_not()
    {
        await using var plane = await ControlPlane.StartAsync(
            OfDisks([Cluster.Disk("/srv/shared"), Iso], "a", "b"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Completed, migration.Status);
        Assert.Equal(0, migration.DiskTotalBytes);
        Assert.Equal(plane.Cloud.ContentOf("a", ConfigDrive), plane.Cloud.ContentOf("b", ConfigDrive));
        Assert.NotNull(plane.Cloud.ContentOf("b", "/srv/shared/disk.qcow2"));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_base_image_goes_before_the_disk_that_rests_on_it_and_stays_at_the_source_for_others()
    {
        await using var plane = await ControlPlane.StartAsync(OfDisks([OnBase()], "a", "b"));
        var content = plane.Cloud.ContentOf("a", Base);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        Assert.Equal((content, content), (plane.Cloud.ContentOf("a", Base), plane.Cloud.ContentOf("b", Base)));
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_base_image_of_another_content_at_the_destination_stops_the_move_and_is_left_alone()
    {
        await using var plane = await ControlPlane.StartAsync(OfDisks([OnBase()], "a", "b"));
        plane.Cloud.PutImage("b", Base, "another", bytes: 1 << 20);

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Contains(Base, migration.Reason, StringComparison.Ordinal);
        Assert.Equal("another", plane.Cloud.ContentOf("b", Base));
        await ShouldBeAsBeforeAsync(plane, besides: [Base]);
    }

    [Fact]
    public async Task A_base_image_that_was_there_is_still_there_when_the_move_is_taken_back()
    {
        await using var plane = await ControlPlane.StartAsync(OfDisks([OnBase()], "a", "b"));
        plane.Cloud.PutImage("b", Base, plane.Cloud.ContentOf("a", Base)!, bytes: 1 << 20);

        await FailInDiskCopyAsync(plane, () => plane.Cloud.BreakStream("a", "b"));

        await ShouldBeAsBeforeAsync(plane, besides: [Base]);
    }

    [Fact]
    public async Task What_no_migration_has_left_is_in_the_way_and_the_next_host_is_tried()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b", "c").With("b", host => host with { MemoryMiB = 1 << 20 }));
        plane.Cloud.PutImage("b", Local, "somebody's");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
        Assert.Equal("somebody's", plane.Cloud.ContentOf("b", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_mid_copy_leaves_the_guest_on_the_source_and_nothing_at_the_destination()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));

        var migration = await FailInDiskCopyAsync(plane, () => plane.Cloud.FillDisk("b"));

        Assert.Contains("No space left on device", migration.Reason, StringComparison.Ordinal);
        await ShouldBeAsBeforeAsync(plane);
    }

    [Fact]
    public async Task An_abort_in_mid_copy_leaves_the_guest_on_the_source_and_nothing_at_the_destination()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        var id = await HoldInDiskCopyAsync(plane);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        await ShouldBeAsBeforeAsync(plane);
    }

    [Fact]
    public async Task A_destination_that_dies_in_mid_copy_is_tidied_when_it_is_back()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));

        await FailInDiskCopyAsync(plane, () => plane.Cloud.KillLibvirtd("b"));
        Assert.Contains(Local, plane.Cloud.ImagesOn("b"));
        plane.Cloud.StartLibvirtd("b");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the destination is tidied");
        await ShouldBeAsBeforeAsync(plane);
    }

    [Fact]
    public async Task What_a_dead_migration_has_left_is_known_by_its_mark_and_makes_way()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        var dead = await FailInDiskCopyAsync(plane, () => plane.Cloud.BreakStream("a", "b"));
        plane.Cloud.Release(TransferPhase.DiskCopy);
        plane.Cloud.PutImage("b", Local, "half a disk");
        plane.Cloud.PutImage("b", $"/srv/local/.livemigration-disk-{dead.Uuid:N}-disk.qcow2", "");
        var content = plane.Cloud.ContentOf("a", Local);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        Assert.Equal(content, plane.Cloud.ContentOf("b", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_mark_of_a_migration_that_nobody_knows_protects_its_file()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        plane.Cloud.PutImage("b", Local, "another controller's");
        plane.Cloud.PutImage("b", $"/srv/local/.livemigration-disk-{Cluster.Guest(9):N}-disk.qcow2", "");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Equal("another controller's", plane.Cloud.ContentOf("b", Local));
    }

    [Theory]
    [InlineData(null, MigrationStatus.Completed)]
    [InlineData(true, MigrationStatus.Completed)]
    [InlineData(false, MigrationStatus.Error)]
    public async Task Room_is_counted_by_what_the_files_take_unless_virtual_sizes_are_asked_for(bool? overCommit, MigrationStatus expected)
    {
        var disk = Cluster.Disk("/srv/local") with { CapacityBytes = 2L << 30 };
        await using var plane = await ControlPlane.StartAsync(
            OfDisks([disk], "a", "b").With("b", host => host with { FreeDiskGiB = 1 }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b", overCommit: overCommit));

        Assert.Equal(expected, migration.Status);
        if (expected == MigrationStatus.Error)
        {
            Assert.Contains(
                $"Disk of instance is too large(available on destination host:{1L << 30} < need:{2L << 30})", migration.Reason, StringComparison.Ordinal);
        }

        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Room_that_is_promised_to_one_move_is_not_promised_to_another()
    {
        var big = Cluster.Disk("/srv/local") with { AllocationBytes = 600 << 20 };
        await using var plane = await ControlPlane.StartAsync(
            OfDisks([big], "a", "b")
                .With("b", host => host with { FreeDiskGiB = 1 })
                .WithGuest(2, "a", guest => guest with { Disks = [big with { Path = "/srv/local/two.qcow2" }] }));
        var first = await HoldInDiskCopyAsync(plane);

        var second = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Cluster.Guest(2), "b"));

        Assert.Equal(MigrationStatus.Error, second.Status);
        Assert.Contains("too large", second.Reason, StringComparison.Ordinal);
        plane.Cloud.Release(TransferPhase.DiskCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(first)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_disk_that_another_guest_of_the_source_names_is_left_there()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b")
            .WithGuest(2, "a", guest => guest with { State = GuestState.Off, Disks = [Cluster.Disk("/srv/local")] }));

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        Assert.NotNull(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_controller_killed_while_disks_are_copied_attaches_again()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        var id = await HoldInDiskCopyAsync(plane);

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.Cloud.Release(TransferPhase.DiskCopy);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_transfer_that_failed_while_nobody_watched_is_not_begun_again_on_a_half_filled_disk()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        var id = await HoldInDiskCopyAsync(plane);
        await plane.KillAsync();
        plane.Cloud.BreakStream("a", "b");
        plane.Cloud.Release(TransferPhase.DiskCopy);
        plane.Cloud.PutImage("b", Local, "half a disk");
        plane.Cloud.HoldAt(TransferPhase.DiskCopy);

        await plane.BootAgainAsync();
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.DiskCopy, Guest), "disks are copied again");

        Assert.Equal("", plane.Cloud.ContentOf("b", Local));
        plane.Cloud.Release(TransferPhase.DiskCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task While_the_source_is_silent_after_the_switch_its_disk_waits_for_it()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        await MoveOffSilentSourceAsync(plane);
        Assert.Contains(Local, plane.Cloud.ImagesOn("a"));

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task What_a_silent_source_keeps_is_removed_even_when_the_guest_has_moved_on_meanwhile()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b", "c"));
        await MoveOffSilentSourceAsync(plane);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "c"))).Status);

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task What_a_silent_source_keeps_is_removed_even_when_the_guest_has_been_elsewhere_and_is_back_at_the_destination()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b", "c"));
        await MoveOffSilentSourceAsync(plane);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "c"))).Status);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        Assert.NotNull(plane.Cloud.ContentOf("b", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task What_a_silent_source_keeps_is_removed_even_when_the_guest_is_off_by_then()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        await MoveOffSilentSourceAsync(plane);
        plane.Cloud.KillQemu("b", Guest);

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        Assert.NotNull(plane.Cloud.ContentOf("b", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task What_a_silent_source_keeps_is_removed_even_when_the_guest_is_deleted_by_then()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        await MoveOffSilentSourceAsync(plane);
        await plane.DeleteAsync(Guest);
        await plane.UntilAsync(
            db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == Guest), row => row.VmState == VmState.Deleted, "it is deleted");

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        Assert.DoesNotContain(plane.Cloud.ImagesOn("b"), path => path.Contains(".livemigration-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_disk_of_a_guest_that_was_deleted_where_a_move_had_left_something_stays_there()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        await MoveOffSilentSourceAsync(plane);
        plane.Cloud.KillQemu("b", Guest);
        await plane.UntilAsync(
            db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == Guest), row => row.VmState == VmState.Stopped, "it is seen to be off");
        await plane.ReadAsync(db => db.Instances.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Host, "a").SetProperty(row => row.VmState, VmState.Deleted)));

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.NotNull(plane.Cloud.ContentOf("a", Local));
    }

    [Fact]
    public async Task A_source_that_answers_before_the_migration_has_ended_is_tidied_when_it_has()
    {
        await using var plane = await ControlPlane.StartAsync(OnLocalDisk("a", "b"));
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");
        plane.Cloud.CutControl("a");
        for (var time = 0; time < 7; time++)
        {
            plane.Cloud.FailNext("b", SimulatedOperation.ClearMark, new HypervisorRefused("b", "told to fail"));
        }

        plane.Cloud.Release(TransferPhase.AfterHandover);
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 1, "the source is listed");

        plane.Cloud.HealControl("a");
        await plane.PassAsync(TimeSpan.FromSeconds(15));
        plane.Cloud.HealCalls("b");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Null(plane.Cloud.ContentOf("a", Local));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task What_a_busy_guest_writes_waits_for_both_sides_only_where_both_libvirts_can()
    {
        foreach (var (version, expected) in new[] { (8_000_000, true), (7_010_000, false) })
        {
            await using var plane = await ControlPlane.StartAsync(
                OnLocalDisk("a", "b").With("b", host => host with { LibvirtVersion = version }));

            var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

            Assert.Equal(expected, migration.SagaState.Contains("\"SynchronousWrites\":true", StringComparison.Ordinal));
        }
    }

    private static Cluster OnLocalDisk(params string[] hosts) => OfDisks([Cluster.Disk("/srv/local")], hosts);

    private static Cluster OfDisks(IReadOnlyList<GuestDisk> disks, params string[] hosts) =>
        Cluster.OfHosts(hosts).WithGuest(1, "a", guest => guest with { Disks = disks });

    private static GuestDisk OnBase() => Cluster.Disk("/srv/local") with { Backing = [new DiskLayer(Base, "qcow2")] };

    /// <summary>From "a", which falls silent once the guest has switched over, to "b".</summary>
    private static async Task MoveOffSilentSourceAsync(ControlPlane plane)
    {
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");
        plane.Cloud.CutControl("a");
        plane.Cloud.Release(TransferPhase.AfterHandover);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    private static async Task<int> HoldInDiskCopyAsync(ControlPlane plane)
    {
        plane.Cloud.HoldAt(TransferPhase.DiskCopy);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.DiskCopy, Guest), "disks are copied");
        return id;
    }

    private static async Task<Migration> FailInDiskCopyAsync(ControlPlane plane, Action fail)
    {
        var id = await HoldInDiskCopyAsync(plane);
        fail();
        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Failed, migration.Status);
        return migration;
    }

    private static async Task ShouldBeAsBeforeAsync(ControlPlane plane, params string[] besides)
    {
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        Assert.NotNull(plane.Cloud.ContentOf("a", Local));
        Assert.Equal(besides, plane.Cloud.ImagesOn("b").Where(path => path.StartsWith("/srv/local", StringComparison.Ordinal)));
        await plane.ShouldBeTidyAsync(Guest);
    }
}
