using System.Text.Json.Nodes;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>What the world is told of servers that are made and removed.</summary>
public sealed class ServerNotificationTests
{
    private const string I = "compute.instance.";
    private const string UserData = "cGFzc3dvcmQ6IGh1bnRlcjI=";
    private static readonly NotificationSettings Both = new() { Format = "both" };
    private static readonly NotificationSettings Legacy = new() { NotifyOnStateChange = true };

    [Fact]
    public async Task A_server_that_is_made_and_removed_in_both_families()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, Both, "a");

        var server = await plane.CreateAsync(origin: new InstanceOrigin { ReservationId = "r-12345678", Hostname = "made-host", UserData = UserData, HasConfigDrive = true });
        await plane.ServerShouldBeAsync(server, VmState.Active);
        await plane.DeleteAsync(server);
        await plane.ServerShouldBeAsync(server, VmState.Deleted);

        await ShouldBeToldAsync(
            plane, sink,
            $"{I}create.start", "instance.create.start", $"{I}create.end", "instance.create.end",
            $"{I}delete.start", "instance.delete.start", $"{I}delete.end", "instance.delete.end");
        Assert.Equal(
            [("building", "a"), ("active", "a"), ("active", "a"), ("deleted", "a")],
            sink.Taken.Where(message => message.Versioned).Select(message => JsonNode.Parse(message.Body)!["payload"]!["nova_object.data"]!)
                .Select(data => ((string?)data["state"], (string?)data["host"])));
        var made = sink.Payload("instance.create.end");
        var data = made["nova_object.data"]!;
        Assert.Equal(("InstanceCreatePayload", "1.13"), ((string?)made["nova_object.name"], (string?)made["nova_object.version"]));
        Assert.Equal(
            (server.ToString(), "made", "made-host", "r-12345678", "running", "m1.tiny", $"instance-{server.ToString("N")[..8]}"),
            ((string?)data["uuid"], (string?)data["display_name"], (string?)data["host_name"], (string?)data["reservation_id"],
                (string?)data["power_state"], (string?)data["flavor"]!["nova_object.data"]!["name"], (string?)data["instance_name"]));
        Assert.NotNull(data["launched_at"]);
        Assert.StartsWith("req-", (string?)data["request_id"], StringComparison.Ordinal);
        Assert.Equal("nova-compute:a", (string?)sink.Envelope("instance.create.start")["publisher_id"]);
        Assert.Equal(("lab", ""), ((string?)sink.Payload($"{I}create.start")["image_name"], (string?)sink.Payload($"{I}create.start")["launched_at"]));
        Assert.Equal("Success", (string?)sink.Payload($"{I}create.end")["message"]);
        Assert.Equal("deleting", (string?)sink.Payload($"{I}delete.start")["state_description"]);
        Assert.NotEqual("", (string?)sink.Payload($"{I}delete.end")["deleted_at"]);
        Assert.Equal(sink.Taken.Count, sink.Taken.Select(message => message.MessageId).Distinct().Count());
        Assert.DoesNotContain(sink.Taken, message => message.Body.Contains(UserData, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_fails_and_the_next_one()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, Legacy, "a", "b");
        plane.Cloud.FailNext("a", SimulatedOperation.DefineGuest, new HypervisorRefused("a", "out of order"));

        var server = await plane.CreateAsync();
        await plane.ServerShouldBeAsync(server, VmState.Active);

        await ShouldBeToldAsync(plane, sink, $"{I}create.start", $"{I}create.error", $"{I}create.start", $"{I}create.end");
        var failed = sink.Envelope($"{I}create.error");
        Assert.Equal(("ERROR", "compute.a"), ((string?)failed["priority"], (string?)failed["publisher_id"]));
        Assert.Equal(
            ("HypervisorRefused", "a: out of order", 500),
            ((string?)failed["payload"]!["exception"], (string?)failed["payload"]!["message"], (int?)failed["payload"]!["code"]));
    }

    [Fact]
    public async Task No_host_that_would_do_is_the_conductors_failure()
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a").With("a", host => host with { MemoryMiB = 600 }), notifications: Both, sinks: sink);

        await plane.BuildShouldEndAsync(await plane.CreateAsync());

        await ShouldBeToldAsync(plane, sink, "compute_task.build_instances", "compute_task.build_instances.error");
        var said = sink.Payload("compute_task.build_instances");
        Assert.Equal(("build_instances", "error"), ((string?)said["method"], (string?)said["state"]));
        Assert.StartsWith("No valid host was found.", (string?)said["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_versioned_error_names_its_fault()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, new NotificationSettings { Format = "versioned" }, "a");
        plane.Cloud.FailNext("a", SimulatedOperation.WriteFile, new HypervisorRefused("a", "No space left on device"));

        await plane.BuildShouldEndAsync(await plane.CreateAsync());

        await ShouldBeToldAsync(plane, sink, "instance.create.start", "instance.create.error");
        var fault = sink.Payload("instance.create.error")["nova_object.data"]!["fault"]!["nova_object.data"]!;
        Assert.Equal(
            ("HypervisorRefused", "a: No space left on device", "build_and_run_instance"),
            ((string?)fault["exception"], (string?)fault["exception_message"], (string?)fault["function_name"]));
    }

    [Fact]
    public async Task A_removal_that_waits_is_told_once()
    {
        var sink = new RecordingSink();
        await using var plane = await StartAsync(sink, Legacy, "a");
        var server = await plane.CreateAsync();
        await plane.ServerShouldBeAsync(server, VmState.Active);
        plane.Cloud.FailNext("a", SimulatedOperation.RemoveGuest, new HypervisorRefused("a", "not now"));

        await plane.DeleteAsync(server);
        await plane.ServerShouldBeAsync(server, VmState.Deleted);

        await ShouldBeToldAsync(plane, sink, $"{I}create.start", $"{I}create.end", $"{I}delete.start", $"{I}delete.end");
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_controller_that_dies_at_any_write_tells_everything_under_the_same_id(int write, bool after)
    {
        var sink = new RecordingSink();
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a"), death: new Death(write, after), notifications: Legacy, sinks: sink);
        var server = await plane.CreateAsync();
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");
        await plane.KillAsync();

        await plane.BootAgainAsync();
        await plane.BuildShouldEndAsync(server);

        await plane.UntilAsync(() => sink.Events.Contains($"{I}create.end", StringComparer.Ordinal), "its end is told");
        Assert.Equal([$"{I}create.start", $"{I}create.end"], sink.Taken.DistinctBy(message => message.MessageId).Select(message => message.EventType));
    }

    // start, choose-host, bring-files, define-guest, start-guest and its end, settled, complete
    public static TheoryData<int, bool> Deaths()
    {
        TheoryData<int, bool> deaths = [];
        for (var write = 1; write <= 8; write++)
        {
            deaths.Add(write, false);
            deaths.Add(write, true);
        }

        return deaths;
    }

    private static Task<ControlPlane> StartAsync(RecordingSink sink, NotificationSettings settings, params string[] hosts) =>
        ControlPlane.StartAsync(Cluster.OfHosts(hosts), notifications: settings, sinks: sink);

    private static async Task ShouldBeToldAsync(ControlPlane plane, RecordingSink sink, params string[] events)
    {
        await plane.UntilAsync(db => db.ReadOutboxEndAsync(), end => sink.Taken.Count > 0 && sink.Taken[^1].Sequence >= end, "all is delivered");
        Assert.Equal(events, sink.Events);
    }
}
