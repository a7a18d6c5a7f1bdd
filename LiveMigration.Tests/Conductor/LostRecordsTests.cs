using LiveMigration.Core.Alerts;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>The state file is lost, or an old copy of it is put back: hosts, guests and open moves are recorded anew, and what can't be known is said.</summary>
public sealed class LostRecordsTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly LiveMigrationSettings Settings = new() { AuditIntervalSeconds = 30 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TransferPhase.Preparing)]
    [InlineData(TransferPhase.MemoryCopy)]
    [InlineData(TransferPhase.BeforeHandover)]
    [InlineData(TransferPhase.Handover)]
    [InlineData(TransferPhase.AfterHandover)]
    public async Task A_move_whose_record_is_lost_in_any_phase_is_brought_to_its_end(TransferPhase phase)
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"));
        plane.Cloud.HoldAt(phase);
        await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(phase, Guest), $"the transfer is in {phase}");

        await LoseAsync(plane);
        plane.Cloud.Release(phase);

        await EndsAsync(plane, MigrationStatus.Completed, "b");
    }

    [Fact]
    public async Task A_transfer_that_goes_on_is_watched_again_and_can_be_aborted()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.HoldInMidCopyAsync(Guest);

        await LoseAsync(plane);
        var open = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleOrDefaultAsync(Ct), row => row is { Status: MigrationStatus.Running, MemoryTotalBytes: > 0 }, "it is watched");
        Assert.Equal(TaskState.Migrating, (await plane.InstanceAsync(Guest)).TaskState);
        await plane.AbortAsync(Guest, open!.Id);

        await EndsAsync(plane, MigrationStatus.Cancelled, "a");
    }

    [Fact]
    public async Task A_move_that_ends_while_its_record_is_lost_is_recorded_at_its_destination()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.HoldInMidCopyAsync(Guest);

        await plane.KillAsync();
        plane.LoseStateFile();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        plane.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["b"], plane.Cloud.WhereRuns(Guest));
        await BootAsync(plane);

        await EndsAsync(plane, MigrationStatus.Completed, "b");
    }

    [Fact]
    public async Task A_move_that_fails_while_its_record_is_lost_is_taken_back()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.HoldInMidCopyAsync(Guest);

        await plane.KillAsync();
        plane.LoseStateFile();
        plane.Cloud.BreakStream("a", "b");
        await BootAsync(plane);

        await EndsAsync(plane, MigrationStatus.Failed, "a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disks_that_a_lost_move_has_copied_are_on_one_host_in_the_end(bool arrives)
    {
        const string path = "/srv/local/disk.qcow2";
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Disks = [Cluster.Disk("/srv/local")] }));
        var content = plane.Cloud.ContentOf("a", path);
        await plane.HoldInMidCopyAsync(Guest);

        await plane.KillAsync();
        plane.LoseStateFile();
        if (!arrives)
        {
            plane.Cloud.BreakStream("a", "b");
        }

        await BootAsync(plane);
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        var (here, there) = arrives ? ("b", "a") : ("a", "b");
        await EndsAsync(plane, arrives ? MigrationStatus.Completed : MigrationStatus.Failed, here);
        Assert.Equal(content, plane.Cloud.ContentOf(here, path));
        Assert.Null(plane.Cloud.ContentOf(there, path));
    }

    [Fact]
    public async Task The_source_is_shut_out_of_the_volume_of_a_lost_move_that_arrives()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithVolume(Cluster.Volume(1), "a").WithGuestOn(Cluster.Volume(1), 1, "a"));
        await plane.HoldInMidCopyAsync(Guest);

        await LoseAsync(plane);
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        await EndsAsync(plane, MigrationStatus.Completed, "b");
        Assert.Equal(["b"], plane.Cloud.AccessTo(Cluster.Volume(1)));
    }

    [Fact]
    public async Task Access_to_a_volume_that_a_lost_move_may_have_opened_stays_when_it_is_taken_back_and_that_is_said()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithVolume(Cluster.Volume(1), "a").WithGuestOn(Cluster.Volume(1), 1, "a"));
        await plane.HoldInMidCopyAsync(Guest);

        await plane.KillAsync();
        plane.LoseStateFile();
        plane.Cloud.BreakStream("a", "b");
        await BootAsync(plane);

        var migration = await EndsAsync(plane, MigrationStatus.Failed, "a");
        Assert.Equal(["a", "b"], plane.Cloud.AccessTo(Cluster.Volume(1)).Order(StringComparer.Ordinal));
        Assert.Contains($"b keeps its access to {Cluster.Volume(1)}", migration.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_concluded_while_one_of_the_two_hosts_is_silent()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.HoldInMidCopyAsync(Guest);
        await plane.KillAsync();
        plane.LoseStateFile();
        plane.Cloud.CutControl("b");
        await BootAsync(plane);

        await plane.UntilAsync(() => plane.Alerts.Any(alert => alert.Finding.Kind == AlertKind.MarkUnknown), "the mark is told of");
        Assert.Equal(0, await plane.ReadAsync(db => db.Migrations.CountAsync(Ct)));
        Assert.NotNull(plane.Cloud.MarkOn("a", Guest));

        plane.Cloud.HealControl("b");
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await EndsAsync(plane, MigrationStatus.Completed, "b");
    }

    [Fact]
    public async Task With_yesterdays_copy_a_guest_that_has_moved_since_and_moves_again_is_found()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"));
        var copy = await plane.CopyStateFileAsync();
        await plane.RecordsGoOnAsync();
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        await plane.MigrateAsync(Guest, "c");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "it moves on to c");

        await plane.KillAsync();
        plane.RestoreStateFile(copy);
        await BootAsync(plane);
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        await EndsAsync(plane, MigrationStatus.Completed, "c");
    }

    [Fact]
    public async Task A_move_that_is_open_in_yesterdays_copy_and_has_long_ended_is_not_made_again()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);
        var copy = await plane.CopyStateFileAsync();
        await plane.RecordsGoOnAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(id);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "a"));
        var moves = plane.Cloud.RunLedger.Count;

        await plane.KillAsync();
        plane.RestoreStateFile(copy);
        await BootAsync(plane);

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.UntilAsync(() => plane.Alerts.Any(alert => alert.Finding.Kind == AlertKind.RecordsLost), "the loss is told of");
        Assert.Equal(moves, plane.Cloud.RunLedger.Count);
        Assert.Equal(("a", VmState.Active), ((await plane.InstanceAsync(Guest)).Host, (await plane.InstanceAsync(Guest)).VmState));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_move_that_is_open_in_yesterdays_copy_is_ended_when_the_guest_is_on_a_third_host_by_now()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");
        var copy = await plane.CopyStateFileAsync();
        await plane.RecordsGoOnAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.MigrationShouldEndAsync(id);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "c"));

        await plane.KillAsync();
        plane.RestoreStateFile(copy);
        await BootAsync(plane);

        Assert.NotEqual(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.UntilAsync(
            db => db.Instances.AsNoTracking().SingleAsync(Ct), row => row is { Host: "c", VmState: VmState.Active, TaskState: null }, "the record follows the guest");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task That_the_records_were_lost_is_told_until_the_operator_has_read_it()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await LoseAsync(plane);
        await plane.UntilAsync(() => plane.Alerts.Count == 1, "it is told");
        Assert.Contains("Not known any more", plane.Alerts[0].Finding.Text, StringComparison.Ordinal);

        await plane.KillAsync();
        await BootAsync(plane);
        await plane.UntilAsync(() => plane.Alerts.Count == 1, "it is told again");

        File.Delete(plane.LossFile);
        await plane.UntilAsync(() => plane.Alerts.Count == 0, "it is read");
        await plane.KillAsync();
        await BootAsync(plane);
        await plane.AuditAsync();
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_controller_that_was_only_started_again_has_lost_nothing()
    {
        await using var plane = await StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.RecordsGoOnAsync();

        await plane.KillAsync();
        await BootAsync(plane);
        await plane.AuditAsync();

        Assert.Empty(plane.Alerts);
        Assert.False(File.Exists(plane.LossFile));
    }

    private static async Task<ControlPlane> StartAsync(SimulatedCloudOptions cloud)
    {
        var plane = await ControlPlane.StartAsync(cloud, Settings);
        plane.KeepAuditing();
        return plane;
    }

    private static async Task LoseAsync(ControlPlane plane)
    {
        await plane.KillAsync();
        plane.LoseStateFile();
        await BootAsync(plane);
    }

    private static async Task BootAsync(ControlPlane plane)
    {
        await plane.BootAgainAsync();
        plane.KeepAuditing();
    }

    /// <summary>The one migration on record ends so, the guest is active there and nowhere else, nothing of the move is left, and the loss is said.</summary>
    private static async Task<Migration> EndsAsync(ControlPlane plane, MigrationStatus status, string host)
    {
        var migration = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().OrderBy(row => row.Id).LastOrDefaultAsync(Ct),
            row => row?.FinishedAt is not null && row.LeaseOwner is null,
            "the migration is recorded anew and ends");
        Assert.Equal(status, migration!.Status);
        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal((host, VmState.Active), (instance.Host, instance.VmState));
        await plane.ShouldBeTidyAsync(Guest);
        await plane.UntilAsync(
            () => plane.Alerts.Select(alert => alert.Finding.Kind).Order().SequenceEqual([AlertKind.RecordsLost, AlertKind.MigrationRebuilt]),
            "the loss is told of, and nothing else");
        return migration;
    }
}
