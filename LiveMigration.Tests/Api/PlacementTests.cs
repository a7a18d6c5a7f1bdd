using System.Net;
using LiveMigration.Core.Model;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Aggregates, zones, groups and hosts, as operators keep them.</summary>
public sealed class PlacementTests
{
    private const string Aggregates = "/v2.1/os-aggregates";
    private const string Groups = "/v2.1/os-server-groups";

    [Fact]
    public async Task An_aggregate_with_a_zone_is_an_availability_zone()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        var made = (await host.ExpectAsync(HttpStatusCode.OK, "POST", Aggregates, """{"aggregate": {"name": "east", "availability_zone": "east"}}"""))!["aggregate"]!;
        Assert.False(made.AsObject().ContainsKey("hosts"));
        var path = $"{Aggregates}/{made["id"]}";
        await host.ExpectAsync(HttpStatusCode.OK, "POST", path + "/action", """{"add_host": {"host": "nv1"}}""");

        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/servers/" + Scene.Idle))!["server"]!;
        Assert.Equal("east", (string)server["OS-EXT-AZ:availability_zone"]!);
        Assert.Equal("east", (string)(await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/os-services?host=nv1"))!["services"]![0]!["zone"]!);
        var zones = (await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/os-availability-zone/detail"))!["availabilityZoneInfo"]!.AsArray();
        Assert.Equal(["east", "nova"], zones.Select(zone => (string)zone!["zoneName"]!));
        Assert.True((bool)zones[0]!["hosts"]!["nv1"]!["nova-compute"]!["active"]!);
        Assert.Null((await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/os-availability-zone"))!["availabilityZoneInfo"]![0]!["hosts"]);

        await host.ExpectAsync(HttpStatusCode.BadRequest, "DELETE", path);
        await host.ExpectAsync(HttpStatusCode.OK, "POST", path + "/action", """{"remove_host": {"host": "nv1"}}""");
        await host.ExpectAsync(HttpStatusCode.OK, "DELETE", path);
        await host.ExpectAsync(HttpStatusCode.NotFound, "GET", path);
    }

    [Theory]
    [InlineData("", """{"aggregate": {"name": "one"}}""", HttpStatusCode.Conflict, "Aggregate one already exists.")]
    [InlineData("", """{"aggregate": {"nam": "one"}}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute aggregate. Value: {'nam': 'one'}. 'name' is a required property")]
    [InlineData("/1/action", """{"add_host": {"host": "nv1"}}""", HttpStatusCode.Conflict, "Aggregate 1 already has host nv1.")]
    [InlineData("/1/action", """{"add_host": {"host": "nv9"}}""", HttpStatusCode.NotFound, "Compute host nv9 could not be found.")]
    [InlineData("/1/action", """{"remove_host": {"host": "nv2"}}""", HttpStatusCode.NotFound, "Cannot remove host nv2 in aggregate 1")]
    [InlineData("/2/action", """{"add_host": {"host": "nv1"}}""", HttpStatusCode.Conflict, "Cannot perform action 'add_host' on aggregate 2. Reason: One or more hosts already in different availability zone(s): ['a'].")]
    [InlineData("/9/action", """{"add_host": {"host": "nv1"}}""", HttpStatusCode.NotFound, "Aggregate 9 could not be found.")]
    [InlineData("/1/action", """{"explode": {}}""", HttpStatusCode.BadRequest, "There is no such action: explode")]
    public async Task Aggregates_that_can_not_be_are_refused(string path, string body, HttpStatusCode status, string message)
    {
        await using var host = await ApiHost.StartAsync(async db =>
        {
            await Scene.Quiet(db);
            db.Aggregates.AddRange(Aggregate(1, "one", "a", "nv1"), Aggregate(2, "two", "b"));
        });

        Assert.Equal(message, (await host.ExpectAsync(status, "POST", Aggregates + path, body)).Message());
    }

    [Fact]
    public async Task An_aggregates_notes_are_set_and_taken_away_and_its_zone_with_them()
    {
        await using var host = await ApiHost.StartAsync(async db =>
        {
            await Scene.Quiet(db);
            db.Aggregates.Add(Aggregate(1, "one", "a", "nv1"));
        });

        var changed = (await host.ExpectAsync(
            HttpStatusCode.OK, "POST", Aggregates + "/1/action", """{"set_metadata": {"metadata": {"ssd": "true", "availability_zone": null}}}"""))!["aggregate"]!;
        Assert.Equal("""{"ssd":"true"}""", changed["metadata"]!.ToJsonString());
        Assert.Null(changed["availability_zone"]);
        changed = (await host.ExpectAsync(HttpStatusCode.OK, "PUT", Aggregates + "/1", """{"aggregate": {"name": "uno", "availability_zone": "z"}}"""))!["aggregate"]!;
        Assert.Equal(("uno", "z"), ((string)changed["name"]!, (string)changed["availability_zone"]!));
    }

    [Theory]
    [InlineData("2.1", """{"server_group": {"name": "g", "policies": ["anti-affinity"]}}""", "policies")]
    [InlineData("2.15", """{"server_group": {"name": "g", "policies": ["soft-affinity"]}}""", "policies")]
    [InlineData("2.64", """{"server_group": {"name": "g", "policy": "anti-affinity", "rules": {"max_server_per_host": 2}}}""", "policy")]
    public async Task A_group_is_made_filled_shown_and_removed(string version, string body, string key)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        var group = (await host.ExpectAsync(HttpStatusCode.OK, "POST", Groups, body, version))!["server_group"]!;
        Assert.NotNull(group[key]);
        await host.ExpectAsync(HttpStatusCode.NoContent, "PUT", $"/v1/server-groups/{group["id"]}/members/{Scene.Idle}");
        var shown = (await host.ExpectAsync(HttpStatusCode.OK, "GET", $"{Groups}/{group["id"]}", version: version))!["server_group"]!;
        Assert.Equal(Scene.Idle, (string)shown["members"]![0]!);
        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/servers/" + Scene.Idle))!["server"]!;
        Assert.Equal((string)group["id"]!, (string)server["server_groups"]![0]!);
        await host.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"{Groups}/{group["id"]}");
        Assert.Empty((await host.ExpectAsync(HttpStatusCode.OK, "GET", Groups))!["server_groups"]!.AsArray());
        await host.ExpectAsync(HttpStatusCode.NotFound, "GET", $"{Groups}/{group["id"]}");
    }

    [Theory]
    [InlineData("2.1", """{"server_group": {"name": "g", "policies": ["soft-affinity"]}}""", "Invalid input for field/attribute 0. Value: soft-affinity. 'soft-affinity' is not one of ['anti-affinity', 'affinity']")]
    [InlineData("2.64", """{"server_group": {"name": "g", "policy": "affinity", "rules": {"max_server_per_host": 2}}}""", "Only anti-affinity policy supports rules.")]
    public async Task Groups_that_can_not_be_are_refused(string version, string body, string message)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        Assert.Equal(message, (await host.ExpectAsync(HttpStatusCode.BadRequest, "POST", Groups, body, version)).Message());
    }

    [Fact]
    public async Task A_host_that_holds_nothing_can_be_forgotten()
    {
        await using var host = await ApiHost.StartAsync(async db =>
        {
            await Scene.Quiet(db);
            db.ComputeNodes.Add(Scene.Node(3, "nv3", "00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004"));
            db.ComputeNodes.Add(Scene.Node(4, "nv4", "00000000-0000-4000-8000-000000000005", "00000000-0000-4000-8000-000000000006"));
            db.Aggregates.Add(Aggregate(1, "one", "a", "nv3"));
            var coming = Scene.Migration(50, "0a18a5f0-0000-4000-8000-000000000050", Scene.Slow, MigrationStatus.Running);
            coming.DestCompute = "nv4";
            db.Migrations.Add(coming);
        });

        await host.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/v2.1/os-services/00000000-0000-4000-8000-000000000003");
        Assert.Equal(3, (await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/os-services"))!["services"]!.AsArray().Count);
        Assert.Empty((await host.ExpectAsync(HttpStatusCode.OK, "GET", Aggregates + "/1"))!["aggregate"]!["hosts"]!.AsArray());
        await host.ExpectAsync(HttpStatusCode.Conflict, "DELETE", "/v2.1/os-services/00000000-0000-4000-8000-000000000005");
        await host.ExpectAsync(HttpStatusCode.NotFound, "DELETE", "/v2.1/os-services/00000000-0000-4000-8000-000000000009");
        await host.ExpectAsync(HttpStatusCode.BadRequest, "DELETE", "/v2.1/os-services/7");
    }

    private static Aggregate Aggregate(int id, string name, string zone, params string[] hosts) => new()
    {
        Id = id,
        Uuid = new Guid(id, 0, 0, new byte[8]),
        Name = name,
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["availability_zone"] = zone },
        Hosts = [.. hosts],
        CreatedAt = Scene.Now,
    };
}
