using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Guests on volumes, on bad days: what a migration has opened is closed, now or when whoever is away is back.</summary>
public sealed class LiveMigrationVolumeFaultTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly Volume Volume = Cluster.Volume(1);

    /// <summary>Hosts are asked and swept once, when they are met.</summary>
    private static readonly LiveMigrationSettings Unattended = new() { ReportIntervalSeconds = 3600, SweepIntervalSeconds = 3600 };

    private static Cluster OneGuest => Cluster.OfHosts("a", "b").WithVolume(Volume, "a").WithGuestOn(Volume, 1, "a");

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
    public async Task A_destination_that_dies_keeps_its_access_until_it_can_be_asked()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await plane.HoldInMidCopyAsync(Guest);

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
        var id = await plane.HoldInMidCopyAsync(Guest);

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
        // Nobody comes to help.
        await using var plane = await ControlPlane.StartAsync(OneGuest, Unattended);
        var first = await plane.HoldInMidCopyAsync(Guest);
        plane.Cloud.CutStorage();
        await plane.AbortAsync(Guest, first);
        await plane.MigrationShouldEndAsync(first);
        plane.Cloud.HealStorage();
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        var second = await plane.HoldInMidCopyAsync(Guest);
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
        var id = await plane.HoldInMidCopyAsync(Guest);
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
    public async Task A_source_that_the_guest_has_come_back_to_stays_let_in_even_if_the_guest_is_off_when_it_is_tidied()
    {
        // Nobody comes too early.
        await using var plane = await ControlPlane.StartAsync(OneGuest, Unattended);
        var id = await plane.HoldInMidCopyAsync(Guest);
        plane.Cloud.CutStorage();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("a", Assert.Single(await plane.ReadAsync(db => db.PendingCleanups.ToListAsync())).Host);
        plane.Cloud.HealStorage();
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "a"))).Status);
        plane.Cloud.KillQemu("a", Guest);

        plane.Cloud.CutControl("a");
        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "nothing is listed any more");
        Assert.Contains("a", plane.Cloud.AccessTo(Volume));
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
}
