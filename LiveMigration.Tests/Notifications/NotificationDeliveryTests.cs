using System.Text.Json.Nodes;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>Whatever a sink or the outbox does, migrations go on; whatever dies, what was told arrives, in order.</summary>
public sealed class NotificationDeliveryTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    private static readonly string[] Told =
    [
        "scheduler.select_destinations.start", "scheduler.select_destinations.end",
        "compute.instance.live_migration.pre.start", "compute.instance.live_migration.pre.end",
        "compute.instance.live_migration._post.start", "compute.instance.live_migration.post.dest.start",
        "compute.instance.live_migration.post.dest.end", "compute.instance.live_migration._post.end",
    ];

    [Fact]
    public async Task A_sink_that_hangs_holds_up_neither_a_migration_nor_another_sink()
    {
        var hangs = new RecordingSink("hangs", (_, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
        var takes = new RecordingSink("takes");
        await using var without = await StartAsync();
        var expected = await TimeOfMoveAsync(without);
        await using var plane = await StartAsync(hangs, takes);

        var took = await TimeOfMoveAsync(plane);

        await plane.UntilAsync(() => takes.Taken.Count == Told.Length, "the other sink has all of them");
        Assert.Equal(Told, takes.Events);
        Assert.Empty(hangs.Taken);
        // Well below the 30 s that the hanging one is given for each.
        Assert.InRange(took, TimeSpan.Zero, expected + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_sink_that_fails_is_handed_the_same_again_until_it_takes_it()
    {
        var failures = 0;
        var sink = new RecordingSink("moody", (message, _) =>
            message.EventType.EndsWith("pre.end", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 3
                ? throw new IOException("out of order")
                : Task.CompletedTask);
        await using var plane = await StartAsync(sink);

        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        await plane.UntilAsync(() => sink.Taken.Count >= Told.Length, "it has all of them");
        Assert.Equal(Told, sink.Events);
        Assert.Equal(4, failures);
    }

    [Fact]
    public async Task An_outbox_that_can_not_be_written_fails_no_migration()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        await plane.ReadAsync(db => db.Database.ExecuteSqlRawAsync("DROP TABLE outbox"));

        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        await plane.ShouldBeTidyAsync(Guest);
        Assert.Empty(sink.Taken);
    }

    [Fact]
    public async Task A_sink_that_was_away_gets_after_a_restart_what_it_has_missed()
    {
        var away = true;
        var sink = new RecordingSink("away", (_, _) => away ? throw new IOException("connection refused") : Task.CompletedTask);
        await using var plane = await StartAsync(sink);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        await plane.KillAsync();
        away = false;
        await plane.BootAgainAsync();

        await plane.UntilAsync(() => sink.Taken.Count >= Told.Length, "it has all of them");
        Assert.Equal(Told, sink.Events);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(8, true)]
    [InlineData(11, false)]
    [InlineData(14, true)]
    public async Task A_controller_that_dies_tells_all_when_it_is_back_and_twice_under_the_same_id(int write, bool after)
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), death: new Death(write, after), sinks: sink);
        var id = await plane.MigrateAsync(Guest);
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");

        await plane.KillAsync();
        await plane.BootAgainAsync();
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Completed);

        await plane.UntilAsync(() => sink.Events.Contains(Told[^1]), "the last is told");
        Assert.Equal(Told, sink.Events.Distinct());
        Assert.All(sink.Taken.GroupBy(message => message.EventType), same => Assert.Single(same.Select(message => message.MessageId).Distinct()));
    }

    [Fact]
    public async Task An_end_that_was_recorded_but_not_told_is_told_at_the_next_start()
    {
        var away = true;
        var sink = new RecordingSink("away", (_, _) => away ? throw new IOException("connection refused") : Task.CompletedTask);
        await using var plane = await StartAsync(sink);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        await plane.KillAsync();
        await plane.ReadClosedAsync(db => db.Journal.OrderByDescending(line => line.Id).Take(2).ExecuteDeleteAsync());
        await plane.ReadClosedAsync(db => db.Outbox.OrderByDescending(row => row.Id).Take(2).ExecuteDeleteAsync());

        away = false;
        await plane.BootAgainAsync();

        await plane.UntilAsync(() => sink.Taken.Count >= Told.Length, "the end is told");
        Assert.Equal(Told, sink.Events);
    }

    [Fact]
    public async Task What_every_sink_has_is_removed()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        await plane.UntilAsync(() => sink.Taken.Count == Told.Length, "all are delivered");
        await plane.UntilAsync(db => db.Outbox.CountAsync(), count => count == 0, "the outbox is empty");

        // Ids are not given again: a second move's are new to the sink.
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        await plane.UntilAsync(() => sink.Taken.Count == 2 * Told.Length, "those of the second move arrive too");
    }

    [Fact]
    public async Task For_a_sink_that_takes_nothing_only_so_many_are_kept()
    {
        var sink = new RecordingSink("never", (_, _) => throw new IOException("connection refused"));
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), notifications: new NotificationSettings { KeepRows = 3 }, sinks: sink);
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        await plane.UntilAsync(db => db.Outbox.CountAsync(), count => count == 3, "the newest three are left");

        Assert.Equal(Told[^3..], await plane.ReadAsync(db => db.Outbox.OrderBy(row => row.Id).Select(row => row.EventType).ToArrayAsync()));
    }

    [Fact]
    public async Task Each_tells_where_the_instance_is_then_and_how_its_migration_goes()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink);
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "no"));
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Failed);
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);
        await plane.UntilAsync(() => sink.Events.Contains(Told[^1]), "the last is told");

        Assert.Equal("compute.a", $"{sink.Envelope("compute.instance.live_migration._rollback.start")["publisher_id"]}");
        ShouldTell(sink.Payload("compute.instance.live_migration.pre.start"), "a", "migrating", "preparing", error: false);
        ShouldTell(sink.Payload("compute.instance.live_migration._rollback.start"), "a", "migrating", "running", error: true);
        ShouldTell(sink.Payload("compute.instance.live_migration._rollback.end"), "a", "", "failed", error: true);
        ShouldTell(sink.Payload("compute.instance.live_migration.post.dest.start"), "a", "migrating", "running", error: false);
        ShouldTell(sink.Payload("compute.instance.live_migration.post.dest.end"), "b", "", "completed", error: false);
        Assert.True((long?)sink.Payload("compute.instance.live_migration._post.end")["livemigration"]!["downtime_ms"] > 0);
    }

    [Fact]
    public async Task Without_a_sink_nothing_is_written()
    {
        await using var plane = await StartAsync();

        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(0, await plane.ReadAsync(db => db.Outbox.CountAsync()));
        Assert.False(plane.Knows<Core.Notifications.NotificationDispatcher>());
    }

    private static Task<ControlPlane> StartAsync(params Core.Drivers.INotificationSink[] sinks) =>
        ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"), sinks: sinks);

    private static void ShouldTell(JsonObject payload, string host, string taskState, string status, bool error)
    {
        var ours = payload["livemigration"]!;
        Assert.Equal((host, taskState, status), ($"{payload["host"]}", $"{payload["state_description"]}", $"{ours["status"]}"));
        Assert.Equal(("a", "b"), ($"{ours["source"]}", $"{ours["destination"]}"));
        Assert.Equal(error, ours["error"] is not null);
    }

    private static async Task<TimeSpan> TimeOfMoveAsync(ControlPlane plane)
    {
        var began = plane.Time.GetUtcNow();
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);
        return plane.Time.GetUtcNow() - began;
    }
}
