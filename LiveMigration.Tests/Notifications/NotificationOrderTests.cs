using System.Text.Json.Nodes;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>What the world is told, in which order, for every way a migration can go.</summary>
public sealed class NotificationOrderTests
{
    private const string I = "compute.instance.live_migration.";
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly NotificationSettings Everything = new() { NotifyOnStateChange = true };
    private static readonly string[] Chosen =
        ["compute.instance.update", "scheduler.select_destinations.start", "scheduler.select_destinations.end"];

    [Fact]
    public async Task A_move_that_goes_well()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", $"{I}pre.end", $"{I}_post.start", $"{I}post.dest.start",
                "compute.instance.update", $"{I}post.dest.end", $"{I}_post.end"]);
    }

    [Fact]
    public async Task The_same_in_the_versioned_family()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, Everything with { Format = "versioned" });

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        await ShouldBeToldAsync(
            plane,
            sink,
            ["instance.update", "scheduler.select_destinations.start", "scheduler.select_destinations.end",
                "instance.live_migration_pre.start", "instance.live_migration_pre.end", "instance.live_migration_post.start",
                "instance.live_migration_post_dest.start", "instance.update", "instance.live_migration_post_dest.end",
                "instance.live_migration_post.end"]);
    }

    [Fact]
    public async Task Without_changes_of_state_as_is_the_default_and_both_families_side_by_side()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, new NotificationSettings { Format = "both" });

        await EndAsync(plane, await plane.MigrateAsync(Guest, "b", scheduled: false), MigrationStatus.Completed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [$"{I}pre.start", "instance.live_migration_pre.start", $"{I}pre.end", "instance.live_migration_pre.end",
                $"{I}_post.start", "instance.live_migration_post.start", $"{I}post.dest.start", "instance.live_migration_post_dest.start",
                $"{I}post.dest.end", "instance.live_migration_post_dest.end", $"{I}_post.end", "instance.live_migration_post.end"]);
        Assert.Equal(sink.Taken.Count, sink.Taken.Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_transfer_that_fails()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "no"));

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Failed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", $"{I}pre.end", $"{I}_rollback.start", $"{I}rollback.dest.start", $"{I}rollback.dest.end",
                "compute.instance.update", $"{I}_rollback.end"]);
    }

    [Fact]
    public async Task A_transfer_that_is_aborted()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        plane.Cloud.NeverConverge(Guest);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.AbortAsync(Guest, id);
        await EndAsync(plane, id, MigrationStatus.Cancelled);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", $"{I}pre.end", "compute.instance.live.migration.abort.start", "compute.instance.live.migration.abort.end",
                $"{I}_rollback.start", $"{I}rollback.dest.start", $"{I}rollback.dest.end", "compute.instance.update", $"{I}_rollback.end"]);
    }

    [Fact]
    public async Task An_abort_while_the_destination_is_made_ready()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Preparing);
        plane.Cloud.SlowCalls("b", TimeSpan.FromSeconds(5));
        await plane.UntilAsync(() => sink.Events.Contains($"{I}pre.start"), "the destination is made ready");

        await plane.AbortAsync(Guest, id);
        await EndAsync(plane, id, MigrationStatus.Cancelled);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", "compute.instance.live.migration.abort.start", "compute.instance.live.migration.abort.end",
                $"{I}_rollback.start", $"{I}rollback.dest.start", $"{I}rollback.dest.end", "compute.instance.update", $"{I}_rollback.end",
                "compute.instance.live.migration.abort.end"]);
    }

    [Fact]
    public async Task An_abort_in_the_queue()
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a").WithGuest(2, "a"), notifications: Everything, sinks: sink);
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Running);
        await plane.UntilAsync(() => sink.Events.Contains($"{I}pre.end"), "the first is under way");
        var before = sink.Taken.Count;
        var queued = await plane.MigrateAsync(Cluster.Guest(2));
        await plane.MigrationShouldReachAsync(queued, MigrationStatus.Queued);

        await plane.AbortAsync(Cluster.Guest(2), queued);
        await EndAsync(plane, queued, MigrationStatus.Cancelled);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, "compute.instance.live.migration.abort.start", "compute.instance.live.migration.abort.end", "compute.instance.update"],
            before);
    }

    [Fact]
    public async Task A_forced_completion()
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { WorkingSetMiB = 256 }), notifications: Everything, sinks: sink);
        plane.Cloud.SetDirtyRate(Guest, 5000);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.ForceCompleteAsync(Guest, id);
        await EndAsync(plane, id, MigrationStatus.Completed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", $"{I}pre.end",
                "compute.instance.live.migration.force.complete.start", "compute.instance.live.migration.force.complete.end",
                $"{I}_post.start", $"{I}post.dest.start", "compute.instance.update", $"{I}post.dest.end", $"{I}_post.end"]);
    }

    [Fact]
    public async Task Nowhere_to_go()
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").With("b", host => host with { MemoryMiB = 600 }).WithGuest(1, "a"), notifications: Everything, sinks: sink);

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Error);

        await ShouldBeToldAsync(
            plane, sink, ["compute.instance.update", "scheduler.select_destinations.start", "compute_task.migrate_server", "compute.instance.update"]);
    }

    [Fact]
    public async Task A_host_that_would_not_do_and_the_next_one()
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"), notifications: Everything, sinks: sink);
        plane.Cloud.FailNext("b", SimulatedOperation.CreateStorageProbe, new MigrationPreCheckError("not this one"));

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, .. Chosen[1..], $"{I}pre.start", $"{I}pre.end", $"{I}_post.start", $"{I}post.dest.start",
                "compute.instance.update", $"{I}post.dest.end", $"{I}_post.end"]);
        var ignored = sink.Taken.Where(message => message.EventType == "scheduler.select_destinations.start")
            .Select(message => JsonNode.Parse(message.Body)!["payload"]!["request_spec"]!["ignore_hosts"]!.ToJsonString());
        Assert.Equal(["""["a"]""", """["a","b"]"""], ignored);
    }

    [Fact]
    public async Task A_destination_that_can_not_be_made_ready()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);

        // The checks look for another copy there; whoever makes it ready looks again.
        plane.Cloud.FailNext("b", SimulatedOperation.FindGuest, new HypervisorRefused("b", "out of order"), after: 1);

        await EndAsync(plane, await plane.MigrateAsync(Guest), MigrationStatus.Failed);

        await ShouldBeToldAsync(
            plane,
            sink,
            [.. Chosen, $"{I}pre.start", "pre_live_migration", $"{I}_rollback.start", $"{I}rollback.dest.start", $"{I}rollback.dest.end",
                "compute.instance.update", $"{I}_rollback.end"]);
    }

    private static Task<ControlPlane> StartAsync(RecordingSink sink, NotificationSettings? settings = null) => ControlPlane.StartAsync(
        Cluster.OfHosts("a", "b").WithGuest(1, "a"), notifications: settings ?? Everything, sinks: sink);

    private static async Task EndAsync(ControlPlane plane, int id, MigrationStatus status) =>
        Assert.Equal(status, (await plane.MigrationShouldEndAsync(id)).Status);

    private static async Task ShouldBeToldAsync(ControlPlane plane, RecordingSink sink, string[] events, int from = 0)
    {
        await plane.UntilAsync(db => db.ReadOutboxEndAsync(), end => sink.Taken.Count > 0 && sink.Taken[^1].Sequence >= end, "all is delivered");
        Assert.Equal(events, sink.Events.Skip(from));
    }
}
