using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Failpoints;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Guests that die while they are moved, and transfers that never begin: both are said, and soon.</summary>
public sealed class DeadGuestTests : IDisposable
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-test-");

    private string Gate => Path.Combine(_folder.FullName, "gate");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_guest_that_dies_while_its_move_is_checked_is_said_to_be_off_when_the_move_ends()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), failpoints: new FailpointPlan("driver:CreateStorageProbe:before", Gate, null));
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => File.Exists(Gate + ".reached"), "the move is being checked");

        plane.Cloud.KillQemu("a", Guest);
        await File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Contains("has powered off on a", migration.Reason, StringComparison.Ordinal);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal((VmState.Stopped, PowerState.Shutdown, "a"), (instance.VmState, instance.PowerState, instance.Host));
    }

    [Theory]
    [InlineData("a", false)]
    [InlineData("a", true)]
    [InlineData("b", false)]
    [InlineData("b", true)]
    public async Task A_guest_that_loses_half_of_its_memory_in_post_copy_is_said_to_be_dead_and_can_be_started_where_its_disks_are(
        string host, bool controllerDies)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await MoveUntilPostCopyAsync(plane);
        if (controllerDies)
        {
            await plane.KillAsync();
        }

        plane.Cloud.KillQemu(host, Guest);
        if (controllerDies)
        {
            await plane.BootAgainAsync();
        }

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.StartsWith($"the guest's QEMU ended on {host} ", migration.Reason, StringComparison.Ordinal);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal(
            (VmState.Stopped, PowerState.Shutdown, "b", (TaskState?)null),
            (instance.VmState, instance.PowerState, instance.Host, instance.TaskState));
        Assert.True(plane.Cloud.Knows("b", Guest));
        Assert.False(plane.Cloud.Knows("a", Guest));
        Assert.Null(plane.Cloud.MarkOn("b", Guest));
        Assert.DoesNotContain(plane.Cloud.History, entry => entry.What == "ended although it could be resumed");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task The_volume_of_a_guest_that_is_lost_in_post_copy_lets_in_the_host_where_it_is_kept_and_no_other(string host)
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithVolume(Cluster.Volume(1), "a").WithGuestOn(Cluster.Volume(1), 1, "a"));
        var id = await MoveUntilPostCopyAsync(plane);

        plane.Cloud.KillQemu(host, Guest);

        Assert.Equal(MigrationStatus.Error, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(["b"], plane.Cloud.AccessTo(Cluster.Volume(1)));
        Assert.False(plane.Cloud.Knows("a", Guest));
    }

    [Fact]
    public async Task A_source_whose_libvirt_does_not_let_go_of_the_dead_guest_holds_up_no_end_and_is_tidied_later()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await MoveUntilPostCopyAsync(plane);
        plane.Cloud.FailNext(
            "a", SimulatedOperation.RemoveLeftover, new HypervisorUnavailable("a", "no answer within 15 s") { HasTimedOut = true });

        plane.Cloud.KillQemu("a", Guest);

        Assert.Equal(MigrationStatus.Error, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Empty(await plane.ReadAsync(db => Task.FromResult(db.Journal.Where(line => line.Kind == JournalKind.StepFailed).ToList())));
        await plane.UntilAsync(() => !plane.Cloud.Knows("a", Guest), "the source is tidied");
        await plane.UntilAsync(db => Task.FromResult(db.PendingCleanups.Count()), left => left == 0, "nothing is listed any more");
    }

    [Fact]
    public async Task Half_a_guest_that_a_silent_source_keeps_is_ended_once_the_guest_is_whole_at_its_destination()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");
        plane.Cloud.CutControl("a");
        plane.Cloud.BreakStream("a", "b");
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        plane.Cloud.StopBehindTheBack("a", Guest, GuestState.PostCopyFailed);

        plane.Cloud.HealControl("a");

        await plane.UntilAsync(() => !plane.Cloud.Knows("a", Guest), "the source is tidied");
        await plane.UntilAsync(db => Task.FromResult(db.PendingCleanups.Count()), left => left == 0, "nothing is listed any more");
        Assert.Equal(["b"], plane.Cloud.WhereRuns(Guest));
    }

    [Fact]
    public async Task A_transfer_that_does_not_begin_says_so_and_completes_when_it_can()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.BeforeTransfer);
        var id = await plane.MigrateAsync(Guest, "b", options: new TransferOverrides { StalledTimeoutSeconds = 5 });

        var late = await plane.UntilAsync(
            db => Task.FromResult(db.Migrations.Single(row => row.Id == id)), row => row.Reason is not null, "it says why it does not go on");
        Assert.Equal(MigrationStatus.Running, late.Status);
        Assert.True(late.NeedsAttention);
        Assert.StartsWith("the transfer has not begun within 5 s", late.Reason, StringComparison.Ordinal);

        plane.Cloud.Release(TransferPhase.BeforeTransfer);
        var ended = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null), (ended.Status, ended.Reason));
    }

    private static async Task<int> MoveUntilPostCopyAsync(ControlPlane plane)
    {
        plane.Cloud.NeverConverge(Guest);
        var id = await plane.MigrateAsync(Guest, "b", options: new TransferOverrides { PermitPostCopy = true, PostCopyBandwidthMiBps = 1 });
        await plane.UntilAsync(() => plane.Cloud.PhaseOf(Guest) == TransferPhase.MemoryCopy, "memory is being copied");
        await plane.ForceCompleteAsync(Guest, id);
        await plane.UntilAsync(() => plane.Cloud.PhaseOf(Guest) == TransferPhase.PostCopy, "the guest runs at the destination");
        return id;
    }
}
