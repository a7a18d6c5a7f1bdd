using LiveMigration.Core.Compute;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Guests on volumes: a host is let in while a guest there needs it, and no longer.</summary>
public sealed class LiveMigrationVolumeTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly Volume Volume = Cluster.Volume(1);

    private static Cluster OneGuest => Cluster.OfHosts("a", "b").WithVolume(Volume, "a").WithGuestOn(Volume, 1, "a");

    [Fact]
    public async Task Access_follows_the_guest_there_and_back()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);

        foreach (var host in new[] { "b", "a" })
        {
            Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, host))).Status);

            Assert.Equal([host], plane.Cloud.AccessTo(Volume));
            await plane.ShouldBeTidyAsync(Guest);
        }
    }

    /// <summary>The way forward is died on in <see cref="LiveMigrationFaultTests"/>, with a guest on a volume.</summary>
    [Fact]
    public async Task A_controller_killed_at_any_journal_write_of_a_rollback_leaves_access_to_the_source_alone()
    {
        var deaths = 0;
        while (await DiesAtAsync(deaths + 1))
        {
            deaths++;
        }

        Assert.InRange(deaths, 10, 100);
    }

    [Fact]
    public async Task A_storage_server_that_is_away_refuses_the_move_before_anything_is_touched()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.CutStorage();

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains("The storage server 192.0.2.50:3260 gives no answer", migration.Reason, StringComparison.Ordinal);
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_destination_that_is_not_let_in_leaves_the_guest_on_the_source()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.FailNext(SimulatedVolumeOperation.InitializeConnection, new VolumeServiceRefused(Volume.Portal, "told to fail"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Contains("told to fail", migration.Reason, StringComparison.Ordinal);
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Access_that_was_opened_without_our_knowing_is_taken_back()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.LoseReply(SimulatedVolumeOperation.InitializeConnection);

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);

        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        Assert.Empty(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync()));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task An_aborted_move_takes_the_destinations_access_back()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await InMidCopyAsync(plane);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_destination_that_dies_keeps_its_access_until_it_can_be_asked()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await InMidCopyAsync(plane);

        plane.Cloud.KillLibvirtd("b");

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));
        Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync()));

        plane.Cloud.StartLibvirtd("b");
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the destination is tidied");
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task A_storage_server_that_is_away_holds_up_no_rollback()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await InMidCopyAsync(plane);

        plane.Cloud.CutStorage();
        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("b", Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync())).Host);

        plane.Cloud.HealStorage();
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the access is closed");
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task Access_left_by_an_earlier_try_is_taken_back_by_the_next()
    {
        // No sweep comes to help.
        await using var plane = await ControlPlane.StartAsync(OneGuest, new LiveMigrationSettings { SweepIntervalSeconds = 3600 });
        var first = await InMidCopyAsync(plane);
        plane.Cloud.CutStorage();
        await plane.AbortAsync(Guest, first);
        await plane.MigrationShouldEndAsync(first);
        plane.Cloud.HealStorage();
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        var second = await InMidCopyAsync(plane);
        await plane.AbortAsync(Guest, second);
        await plane.MigrationShouldEndAsync(second);

        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_storage_server_that_fails_after_the_switch_holds_up_no_guest(bool silent)
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await InMidCopyAsync(plane);
        if (silent)
        {
            plane.Cloud.CutStorage();
        }
        else
        {
            plane.Cloud.FailNext(SimulatedVolumeOperation.TerminateConnection, new VolumeServiceRefused(Volume.Portal, "told to fail"));
        }

        plane.Cloud.Release(TransferPhase.MemoryCopy);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));
        Assert.Equal("a", Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync())).Host);
        await plane.ShouldBeTidyAsync(Guest);

        plane.Cloud.HealStorage();
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the access is closed");
        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task A_reply_lost_after_the_switch_is_settled_by_the_next_look()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.LoseReply(SimulatedVolumeOperation.TerminateConnection);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);

        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
        Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync()));
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "nothing is left to close");
        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task A_source_that_is_silent_after_the_switch_loses_its_access_when_it_is_back()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");

        plane.Cloud.CutControl("a");
        plane.Cloud.Release(TransferPhase.AfterHandover);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        plane.Cloud.HealControl("a");
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task Another_guest_on_the_same_target_keeps_the_sources_access()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest.WithGuestOn(Volume, 2, "a"));

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Cluster.Guest(2), "b"))).Status);
        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guest_on_its_way_keeps_the_access_that_another_leaves_behind(bool aborted)
    {
        var other = Cluster.Guest(2);
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithVolume(Volume, "a", "b").WithGuestOn(Volume, 1, "a").WithGuestOn(Volume, 2, "b"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy, other);
        var coming = await plane.MigrateAsync(other, "a");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, other), "the other is on its way");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        if (aborted)
        {
            await plane.AbortAsync(other, coming);
        }
        else
        {
            plane.Cloud.Release(TransferPhase.MemoryCopy, other);
        }

        await plane.MigrationShouldEndAsync(coming);
        Assert.Equal(aborted ? ["b"] : ["a", "b"], plane.Cloud.AccessTo(Volume));
        Assert.Empty(plane.Cloud.Audit());
    }

    [Fact]
    public async Task What_somebody_else_has_granted_is_left_by_a_rollback()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        plane.Cloud.GrantByHand(Volume, "b");
        var id = await InMidCopyAsync(plane);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task A_disk_of_a_server_that_is_not_configured_needs_nothing()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuestOn(Volume, 1, "a"));
        plane.Cloud.CutStorage();

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public void A_record_from_before_there_were_volumes_has_none()
    {
        Assert.Empty(RecordedVolumes.Of("{}"));
        Assert.Empty(RecordedVolumes.Of("""{"MigrateData":null}"""));
        Assert.Empty(RecordedVolumes.Of("""{"MigrateData":{"SharedStorage":true,"CopyDisks":[]}}"""));
    }

    [Fact]
    public void Volumes_are_read_from_the_record_as_they_were_written()
    {
        var attachment = new VolumeAttachment(Volume, ["vda"], SourceHadAccess: true, DestinationWasGranted: false);
        var state = new Core.Conductor.LiveMigrationState
        {
            Instance = Guest,
            Migration = Guest,
            RequestId = "req",
            Source = "a",
            MigrateData = new MigrateData(SharedStorage: true, []) { Volumes = [attachment] },
        };

        var read = Assert.Single(RecordedVolumes.Of(state.ToJson()));
        Assert.Equal((Volume, true, false), (read.Volume, read.SourceHadAccess, read.DestinationWasGranted));
        Assert.Equal(["vda"], read.Disks);
        Assert.Single(Core.Conductor.LiveMigrationState.FromJson(state.ToJson()).MigrateData!.Volumes);
    }

    /// <summary>Runs a move whose transfer is refused, in a controller that dies before its n-th write.</summary>
    /// <returns>False when it has ended before it came to that.</returns>
    private static async Task<bool> DiesAtAsync(int write)
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest, death: new Death(write, After: false));
        for (var refusals = 0; refusals < 5; refusals++)
        {
            plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "told to fail"));
        }

        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(
            db => db.Migrations.AnyAsync(row => row.Id == id && row.FinishedAt != null && row.LeaseOwner == null),
            ended => ended || plane.Fate.Dead,
            "it dies, or ends before it can");
        var died = plane.Fate.Dead;
        if (died)
        {
            await plane.KillAsync();
            await plane.BootAgainAsync();
        }

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        await plane.ShouldBeTidyAsync(Guest);
        return died;
    }

    private static async Task<int> InMidCopyAsync(ControlPlane plane)
    {
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");
        return id;
    }
}
