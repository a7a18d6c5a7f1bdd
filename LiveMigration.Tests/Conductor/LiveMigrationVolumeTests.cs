using LiveMigration.Core.Compute;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
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

    [Fact]
    public async Task An_aborted_move_takes_the_destinations_access_back()
    {
        await using var plane = await ControlPlane.StartAsync(OneGuest);
        var id = await plane.HoldInMidCopyAsync(Guest);
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Volume));

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["a"], plane.Cloud.AccessTo(Volume));
        await plane.ShouldBeTidyAsync(Guest);
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
        var id = await plane.HoldInMidCopyAsync(Guest);

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
}
