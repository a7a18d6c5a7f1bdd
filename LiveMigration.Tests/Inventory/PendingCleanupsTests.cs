using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Inventory;

/// <summary>When what was left on a host is tried again: with its next sign of life, but not while that only holds up its watch.</summary>
public sealed class PendingCleanupsTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly Volume Volume = Cluster.Volume(1);

    /// <summary>Hosts are asked every 10 s and swept once, when they are met.</summary>
    private static readonly LiveMigrationSettings Unswept = new() { SweepIntervalSeconds = 3600 };

    [Fact]
    public async Task What_was_refused_is_tried_again_with_the_next_sign_of_life()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithVolume(Volume, "a").WithGuestOn(Volume, 1, "a"), Unswept);
        var id = await plane.HoldInMidCopyAsync(Guest);
        plane.Cloud.CutStorage();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.PassAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(1, await LeftAsync(plane));

        plane.Cloud.HealStorage();

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the access is closed");
        Assert.Equal(["b"], plane.Cloud.AccessTo(Volume));
    }

    [Fact]
    public async Task What_was_not_answered_in_time_waits_until_the_host_is_swept_or_met()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Disks = [Cluster.Disk(Cluster.Folders[1])] }), Unswept);
        plane.Cloud.FailNext("a", SimulatedOperation.RemoveImage, Slow());
        plane.Cloud.FailNext("a", SimulatedOperation.RemoveImage, Slow());
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        // The second try comes with the next sign of life and hangs too.
        await plane.PassAsync(TimeSpan.FromSeconds(45));
        Assert.Equal(1, await LeftAsync(plane));

        plane.Cloud.CutControl("a");
        plane.Cloud.HealControl("a");

        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the source is tidied");
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static HypervisorUnavailable Slow() => new("a", "no answer within 15 s") { HasTimedOut = true };

    private static Task<int> LeftAsync(ControlPlane plane) => plane.ReadAsync(db => db.PendingCleanups.CountAsync());
}
