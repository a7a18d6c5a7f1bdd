using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>How guests are transferred, and what becomes of transfers that stall or break.</summary>
public sealed class TransferTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly TransferOverrides PostCopy = new() { PermitPostCopy = true };

    [Fact]
    public async Task What_was_in_force_is_stored_with_the_migration()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), new LiveMigrationSettings { BandwidthMiBps = 100, DowntimeMs = 300 });

        var id = await plane.MigrateAsync(Guest, options: new TransferOverrides { BandwidthMiBps = 50, NativeTls = true });

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        var options = await OptionsAsync(plane, id);
        Assert.Equal((50L, 300, true), (options.BandwidthMiBps, options.DowntimeMs, options.NativeTls));
    }

    [Fact]
    public async Task A_request_that_contradicts_itself_is_refused_and_nothing_is_recorded()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));

        var refused = await Assert.ThrowsAsync<InvalidTransferOptions>(
            () => plane.MigrateAsync(Guest, options: new TransferOverrides { Tunnelled = true, NativeTls = true }));

        Assert.StartsWith("tunnelled and native_tls exclude each other", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await plane.ReadAsync(db => db.Migrations.ToListAsync()));
        Assert.Null((await plane.InstanceAsync(Guest)).TaskState);
    }

    [Fact]
    public async Task Parallel_connections_with_post_copy_need_a_QEMU_that_can()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));

        var refused = await Assert.ThrowsAsync<InvalidTransferOptions>(
            () => plane.MigrateAsync(Guest, options: PostCopy with { ParallelConnections = 4 }));

        Assert.Contains("needs QEMU 10.1.0, the host has 7.2.0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_guest_is_moved_without_post_copy()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { State = GuestState.Paused }));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest, options: PostCopy);
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.MemoryCopy, Guest), "the memory is copied");

        await Assert.ThrowsAsync<HypervisorRefused>(
            () => new SimulatedDriver(plane.Cloud).StartPostCopyAsync("a", Guest, CancellationToken.None));

        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task A_copy_that_nothing_goes_through_any_more_is_given_up_and_the_guest_goes_on()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await CopyAsync(plane, new TransferOverrides { StalledTimeoutSeconds = 5, BandwidthMiBps = 8 });
        plane.Cloud.CutLink("a", "b");

        var migration = await plane.MigrationShouldEndAsync(id);

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.StartsWith("no data went through for 5 s", migration.Reason, StringComparison.Ordinal);
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        plane.Cloud.HealLink("a", "b");
        await plane.UntilAsync(db => db.PendingCleanups.CountAsync(), left => left == 0, "the destination is tidied");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_stalled_copy_that_a_new_controller_finds_is_given_up_with_the_same_words()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await CopyAsync(plane, new TransferOverrides { StalledTimeoutSeconds = 5, BandwidthMiBps = 8 });
        plane.Cloud.CutLink("a", "b");
        await plane.KillAsync();
        await plane.BootAgainAsync();

        var migration = await plane.MigrationShouldEndAsync(id);

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.StartsWith("no data went through for 5 s", migration.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_can_not_be_given_up_needs_attention_however_often_the_host_refuses()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.NeverConverge(Guest);
        for (var abort = 0; abort < 600; abort++)
        {
            plane.Cloud.FailNext("a", SimulatedOperation.AbortJob, new HypervisorRefused("a", "cannot acquire state change lock"));
        }

        var id = await plane.MigrateAsync(Guest, options: new TransferOverrides { CompletionTimeoutSecondsPerGiB = 3 });
        var waiting = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id), row => row.NeedsAttention, "somebody is called");
        Assert.EndsWith("it was aborted, but a still holds on to it", waiting.Reason, StringComparison.Ordinal);

        await plane.PassAsync(TimeSpan.FromSeconds(5));

        var later = await plane.ReadAsync(db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id));
        Assert.Equal((true, waiting.Reason), (later.NeedsAttention, later.Reason));
        plane.Cloud.HealCalls("a");
        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task A_short_cut_is_waited_for()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await CopyAsync(plane, new TransferOverrides { StalledTimeoutSeconds = 20, BandwidthMiBps = 8 });
        plane.Cloud.CutLink("a", "b");
        var cut = plane.Cloud.Elapsed;
        await plane.UntilAsync(() => plane.Cloud.Elapsed - cut > TimeSpan.FromSeconds(10), "ten seconds pass");
        plane.Cloud.HealLink("a", "b");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_move_that_takes_too_long_says_how_long_it_might_take()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.NeverConverge(Guest);

        var id = await plane.MigrateAsync(Guest, options: new TransferOverrides { CompletionTimeoutSecondsPerGiB = 3 });

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Failed, "the transfer took longer than 6 s, 3 for each GiB"), (migration.Status, migration.Reason));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_post_copy_that_breaks_is_resumed()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await PostCopyAsync(plane);

        plane.Cloud.BreakStream("a", "b");

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
        Assert.Contains(plane.Cloud.History, entry => entry.What == "transfer: Broken");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task While_a_broken_post_copy_can_not_be_resumed_the_record_says_so_and_nothing_is_taken_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await PostCopyAsync(plane);
        plane.Cloud.CutLink("a", "b");
        plane.Cloud.BreakStream("a", "b");

        var waiting = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id), row => row.NeedsAttention, "somebody is asked to look");

        Assert.Equal(MigrationStatus.RunningPostCopy, waiting.Status);
        Assert.Contains("the post-copy broke", waiting.Reason, StringComparison.Ordinal);
        Assert.Contains("No route to host", waiting.Reason, StringComparison.Ordinal);
        var driver = new SimulatedDriver(plane.Cloud);
        Assert.Equal(GuestState.PostCopyFailed, (await driver.FindGuestAsync("a", Guest, CancellationToken.None))?.State);
        Assert.Equal(GuestState.PostCopyFailed, (await driver.FindGuestAsync("b", Guest, CancellationToken.None))?.State);

        plane.Cloud.HealLink("a", "b");
        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null, false), (migration.Status, migration.Reason, migration.NeedsAttention));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_controller_resumes_a_post_copy_that_broke(bool brokenBeforeItDied)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await PostCopyAsync(plane);
        if (brokenBeforeItDied)
        {
            plane.Cloud.CutLink("a", "b");
            plane.Cloud.BreakStream("a", "b");
            await plane.UntilAsync(
                db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id), row => row.Reason is not null, "it is being resumed");
        }

        await plane.KillAsync();
        plane.Cloud.HealLink("a", "b");
        if (!brokenBeforeItDied) plane.Cloud.BreakStream("a", "b");
        await plane.BootAgainAsync();

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_post_copy_that_breaks_while_a_later_controller_watches_is_resumed()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await PostCopyAsync(plane);
        await plane.KillAsync();
        await plane.BootAgainAsync();
        await plane.UntilAsync(
            db => db.Journal.AsNoTracking().CountAsync(), lines => lines > 0, "the journal is there");
        await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id), row => row.LeaseOwner is not null, "it is watched again");

        plane.Cloud.BreakStream("a", "b");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_post_copy_knows_no_time_limit_and_no_stall()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.PostCopy);
        var id = await PostCopyAsync(plane, new TransferOverrides { CompletionTimeoutSecondsPerGiB = 10, StalledTimeoutSeconds = 5 });
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.PostCopy, Guest), "nothing goes through any more");
        var began = plane.Cloud.Elapsed;
        await plane.UntilAsync(() => plane.Cloud.Elapsed - began > TimeSpan.FromSeconds(25), "more than the limits pass");

        var waiting = await plane.ReadAsync(db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id));
        Assert.Equal(
            ("the post-copy stands still, no data went through for 5 s", true, MigrationStatus.RunningPostCopy),
            (waiting.Reason, waiting.NeedsAttention, waiting.Status));
        Assert.Equal(TransferPhase.PostCopy, plane.Cloud.PhaseOf(Guest));
        plane.Cloud.Release(TransferPhase.PostCopy);
        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal((MigrationStatus.Completed, null, false), (migration.Status, migration.Reason, migration.NeedsAttention));
    }

    private static async Task<int> CopyAsync(ControlPlane plane, TransferOverrides options)
    {
        var id = await plane.MigrateAsync(Guest, options: options);
        await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id), row => row.MemoryProcessedBytes > 0, "memory is copied");
        return id;
    }

    /// <summary>A move in mid-post-copy, slow enough to be disturbed.</summary>
    private static async Task<int> PostCopyAsync(ControlPlane plane, TransferOverrides? options = null)
    {
        plane.Cloud.NeverConverge(Guest);
        var id = await CopyAsync(plane, (options ?? new TransferOverrides()) with { PermitPostCopy = true, PostCopyBandwidthMiBps = 8 });
        await plane.ForceCompleteAsync(Guest, id);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.RunningPostCopy);
        await plane.UntilAsync(() => plane.Cloud.PhaseOf(Guest) == TransferPhase.PostCopy, "the guest runs at the destination");
        return id;
    }

    private static async Task<TransferOptions> OptionsAsync(ControlPlane plane, int id) => LiveMigrationState.FromJson(
        await plane.ReadAsync(db => db.Migrations.Where(row => row.Id == id).Select(row => row.SagaState).SingleAsync())).Options!;
}
