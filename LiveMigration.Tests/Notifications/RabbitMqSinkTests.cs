using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Api.Notifications;
using LiveMigration.Core.Settings;
using LiveMigration.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>A real RabbitMQ, and what a consumer of Nova's notifications finds there.</summary>
public sealed class RabbitMqSinkTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task A_consumer_of_Novas_reads_a_move_from_its_queues()
    {
        if (RabbitMqServer.Missing is { } missing)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("REQUIRE_LAB") == "1", $"no RabbitMQ here: {missing}");
        }

        await using var server = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);
        await using var wrong = new RabbitMqSink(Settings(server), "not the password");
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => wrong.SendAsync(new(1, Guest, "x", "INFO", false, "req", "{}"), CancellationToken.None));
        await using var sink = new RabbitMqSink(Settings(server), "guest");
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a"), notifications: new NotificationSettings { Format = "both" }, sinks: sink);

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));
        await plane.UntilAsync(db => db.ReadOutboxLeftAsync(sink.Name), left => left == 0, "all are confirmed");

        await using var connection = await server.ConnectAsync();
        var unversioned = await ReadAsync(connection, "notifications.info");
        Assert.Equal("scheduler.select_destinations.start", $"{unversioned[0]["event_type"]}");
        Assert.Equal("compute.instance.live_migration._post.end", $"{unversioned[^1]["event_type"]}");
        Assert.All(unversioned, message => Assert.Equal(migration.RequestId, $"{message["_context_request_id"]}"));
        Assert.Equal(unversioned.Count, unversioned.Select(message => $"{message["_unique_id"]}").Distinct().Count());
        var versioned = await ReadAsync(connection, "versioned_notifications.info");
        Assert.Equal(8, versioned.Count);
        Assert.Equal("nova-compute:b", $"{versioned.Single(message => $"{message["event_type"]}" == "instance.live_migration_pre.start")["publisher_id"]}");
    }

    private static RabbitMqSettings Settings(RabbitMqServer server) =>
        new(server.Url, "unused", "nova", "notifications", "versioned_notifications", Durable: false);

    private static async Task<List<JsonObject>> ReadAsync(IConnection connection, string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        List<JsonObject> messages = [];
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } got)
        {
            var envelope = JsonNode.Parse(Encoding.UTF8.GetString(got.Body.Span))!;
            Assert.Equal("2.0", $"{envelope["oslo.version"]}");
            messages.Add(JsonNode.Parse($"{envelope["oslo.message"]}")!.AsObject());
        }

        return messages;
    }
}
