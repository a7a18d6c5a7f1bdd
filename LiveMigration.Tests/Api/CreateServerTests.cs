using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Core.Images;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Servers are made and removed over HTTP.</summary>
public sealed class CreateServerTests
{
    private static readonly Guid Image = NameBasedId.Of("image", "lab");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_asked_for_is_recorded_and_shown()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        using var answer = await PostAsync(client, Body(
            """{"name": "web 1", "networks": "auto", "metadata": {"a": "b"}, "tags": ["x"], "description": "for show", "user_data": "aGk="}"""));

        var server = (await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["server"]!;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(
            ["OS-DCF:diskConfig", "adminPass", "id", "links", "security_groups"],
            server.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.EndsWith($"/v2.1/servers/{server["id"]}", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        var shown = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{server["id"]}", Ct))!["server"]!;
        Assert.Equal(
            ("BUILD", "scheduling", "building", "web 1", "for show", "b", "m1.tiny", Image.ToString(), "web-1"),
            ((string?)shown["status"], (string?)shown["OS-EXT-STS:task_state"], (string?)shown["OS-EXT-STS:vm_state"], (string?)shown["name"],
                (string?)shown["description"], (string?)shown["metadata"]!["a"], (string?)shown["flavor"]!["original_name"],
                (string?)shown["image"]!["id"], (string?)shown["OS-EXT-SRV-ATTR:hostname"]));
        Assert.Null(shown["OS-EXT-SRV-ATTR:host"]);
    }

    [Fact]
    public async Task A_server_is_made_to_run_and_is_gone_after_it_was_removed()
    {
        await using var host = await StartAsync(withWorkers: true);
        using var client = host.Operator("2.93");
        using var answer = await PostAsync(client, Body("""{"name": "web", "networks": "auto", "host": "nv3"}"""));
        var id = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["server"]!["id"]!;

        var running = await UntilAsync(client, id, server => (string?)server["status"] is "ACTIVE" or "ERROR");
        Assert.Equal(("ACTIVE", "nv3", 1), ((string?)running["status"], (string?)running["OS-EXT-SRV-ATTR:host"], (int?)running["OS-EXT-STS:power_state"]));
        var ports = await client.GetFromJsonAsync<JsonObject>($"/network/v2.0/ports?device_id={id}", Ct);
        var port = Assert.Single(ports!["ports"]!.AsArray())!;
        Assert.Equal("nv3", (string?)port["binding:host_id"]);
        var plugged = await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{id}/os-interface", Ct);
        Assert.Equal((string?)port["id"], (string?)Assert.Single(plugged!["interfaceAttachments"]!.AsArray())!["port_id"]);

        using var removed = await client.DeleteAsync($"/v2.1/servers/{id}", Ct);
        Assert.Equal((HttpStatusCode.NoContent, ""), (removed.StatusCode, await removed.Content.ReadAsStringAsync(Ct)));
        await UntilGoneAsync(client, id);
        var gone = (await client.GetFromJsonAsync<JsonObject>("/v2.1/servers/detail?deleted=true", Ct))!["servers"]!.AsArray();
        Assert.Equal(("DELETED", id), ((string?)gone[0]!["status"], (string?)gone[0]!["id"]));
        Assert.NotNull(gone[0]!["OS-SRV-USG:terminated_at"]);
        var left = (await client.GetFromJsonAsync<JsonObject>("/v2.1/servers", Ct))!["servers"]!.AsArray();
        Assert.DoesNotContain(left, server => (string?)server!["id"] == id);
    }

    [Fact]
    public async Task What_the_guest_is_told_comes_on_a_config_drive_unless_that_was_not_wanted()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        using var older = host.Operator("2.2");
        foreach (var (asked, drive, userData) in new[]
        {
            ("""{"config_drive": true}""", "True", null), ("""{"config_drive": "yes", "user_data": "aGk="}""", "True", "aGk="),
            ("""{"config_drive": false, "user_data": "aGk="}""", "", "aGk="), ("""{"user_data": "aGk="}""", "True", "aGk="),
            ("""{"config_drive": "", "user_data": "aGk="}""", "True", "aGk="), ("""{"config_drive": null, "user_data": ""}""", "", ""), ("{}", "", null),
        })
        {
            var server = JsonNode.Parse(asked)!.AsObject();
            (server["name"], server["networks"]) = ("web", "none");
            using var answer = await PostAsync(client, Body(server.ToJsonString()));
            var id = (await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["server"]!["id"];

            var shown = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{id}", Ct))!["server"]!.AsObject();
            Assert.Equal((asked, drive, userData), (asked, (string?)shown["config_drive"], (string?)shown["OS-EXT-SRV-ATTR:user_data"]));
            var before = (await older.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{id}", Ct))!["server"]!.AsObject();
            Assert.Equal((drive, false), ((string?)before["config_drive"], before.ContainsKey("OS-EXT-SRV-ATTR:user_data")));
        }
    }

    [Fact]
    public async Task A_server_is_found_by_what_it_was_made_of()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        using var answer = await PostAsync(client, Body(
            """{"name": "web", "networks": "none", "key_name": "mine", "hostname": "www", "accessIPv6": "fe80::1", "config_drive": true}"""));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var shown = (await client.GetFromJsonAsync<JsonObject>("/v2.1/servers/detail?name=web", Ct))!["servers"]![0]!;
        var reservation = (string?)shown["OS-EXT-SRV-ATTR:reservation_id"];

        foreach (var (query, finds) in new[]
        {
            ($"image={Image}", true), ($"image={Guid.Empty}", false), ("image=", false), ("flavor=1", true), ("flavor=2", false), ("flavor=", false),
            ($"reservation_id={reservation}", true), ("reservation_id=r-other", false), ("key_name=mine", true), ("key_name=other", false),
            ("config_drive=True", true), ("config_drive=0", false), ("hostname=www", true), ("hostname=web", false),
            ("access_ip_v6=fe80::1", true), ("access_ip_v6=fe80::2", false), ("ip=10.0.0.1", false), ("ip6=fe80", false),
            ($"created_at={shown["created"]}", true), ("created_at=2001-01-01T00:00:00Z", false),
        })
        {
            var found = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers?{query}", Ct))!["servers"]!.AsArray();
            Assert.Equal((query, finds), (query, found.Any(server => (string?)server!["name"] == "web")));
        }
    }

    [Fact]
    public async Task User_data_that_is_too_long_is_the_callers_fault()
    {
        await using var host = await StartAsync();
        foreach (var (length, expected) in new[] { (65_532, HttpStatusCode.Accepted), (65_536, HttpStatusCode.BadRequest) })
        {
            using var answer = await PostAsync(
                host.Operator("2.93"), Body($$"""{"name": "a", "networks": "none", "user_data": "{{new string('A', length)}}"}"""));
            Assert.Equal((length, expected), (length, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_server_that_no_host_can_take_says_why()
    {
        await using var host = await StartAsync(withWorkers: true);
        using var client = host.Operator("2.93");
        using var answer = await PostAsync(client, Body("""{"name": "web", "networks": "auto", "availability_zone": "nova:nowhere"}"""));
        var id = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["server"]!["id"]!;

        var failed = await UntilAsync(client, id, server => (string?)server["status"] is "ERROR" && server["OS-EXT-STS:task_state"] is null);

        Assert.Equal(500, (int?)failed["fault"]!["code"]);
        Assert.StartsWith("No valid host was found.", (string?)failed["fault"]!["message"], StringComparison.Ordinal);
        Assert.NotNull(failed["fault"]!["created"]);
    }

    [Fact]
    public async Task Servers_of_a_group_that_keeps_apart_are_built_on_hosts_of_their_own()
    {
        await using var host = await StartAsync(withWorkers: true);
        using var client = host.Operator("2.93");
        var group = (await host.ExpectAsync(
            HttpStatusCode.OK, "POST", "/v2.1/os-server-groups", """{"server_group": {"name": "apart", "policy": "anti-affinity"}}"""))!["server_group"]!["id"]!;
        using var answer = await PostAsync(client, Body(
            """{"name": "web", "networks": "none", "min_count": 3, "return_reservation_id": true}""", new JsonObject { ["group"] = (string)group! }));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var members = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/os-server-groups/{group}", Ct))!["server_group"]!["members"]!.AsArray();
        List<string?> hosts = [];
        foreach (var member in members)
        {
            var built = await UntilAsync(client, (string)member!, server => (string?)server["status"] is "ACTIVE" or "ERROR");
            hosts.Add((string?)built["OS-EXT-SRV-ATTR:host"]);
            Assert.Equal((string)group!, (string?)Assert.Single(built["server_groups"]!.AsArray()));
        }

        Assert.Equal(["nv1", "nv2", "nv3"], hosts.Order(StringComparer.Ordinal));
        using var fourth = await PostAsync(client, Body("""{"name": "web", "networks": "none"}""", new JsonObject { ["group"] = (string)group! }));
        var id = (string)(await fourth.Content.ReadFromJsonAsync<JsonObject>(Ct))!["server"]!["id"]!;
        var failed = await UntilAsync(client, id, server => (string?)server["status"] is "ACTIVE" or "ERROR");
        Assert.Contains("Anti-affinity instance group policy was violated", (string?)failed["fault"]?["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"group": "nothing"}""", "is not a 'uuid'")]
    [InlineData("""{"group": "5e1f0000-0000-4000-8000-000000000001"}""", "Instance group 5e1f0000-0000-4000-8000-000000000001 could not be found.")]
    [InlineData("""{"group": null}""", "is not of type 'string'")]
    [InlineData("[]", "is not of type 'object'")]
    public async Task A_group_that_is_not_there_is_the_callers_fault(string hints, string said)
    {
        await using var host = await StartAsync();
        using var answer = await PostAsync(host.Operator("2.93"), Body("""{"name": "a", "networks": "none"}""", JsonNode.Parse(hints)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["badRequest"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_built_in_the_zone_that_was_asked_for_and_stays_there()
    {
        await using var host = await StartAsync(withWorkers: true);
        using var client = host.Operator("2.93");
        var zone = (await host.ExpectAsync(HttpStatusCode.OK, "POST", "/v2.1/os-aggregates", """{"aggregate": {"name": "east", "availability_zone": "east"}}"""))!;
        await host.ExpectAsync(HttpStatusCode.OK, "POST", $"/v2.1/os-aggregates/{zone["aggregate"]!["id"]}/action", """{"add_host": {"host": "nv2"}}""");

        foreach (var (asked, expected) in new[] { ("east", "nv2"), ("east:nv2", "nv2"), (":nv3", "nv3"), ("nova::nv1", "nv1"), ("nova:nv1:nv1", "nv1") })
        {
            using var answer = await PostAsync(client, Body($$"""{"name": "web", "networks": "none", "availability_zone": "{{asked}}"}"""));
            var text = await answer.Content.ReadAsStringAsync(Ct);
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{asked}: {text}");
            var built = await UntilAsync(client, (string)JsonNode.Parse(text)!["server"]!["id"]!, server => (string?)server["status"] is "ACTIVE" or "ERROR");
            Assert.Equal((asked, expected), (asked, (string?)built["OS-EXT-SRV-ATTR:host"]));
        }

        await using var db = await host.OpenDatabaseAsync();
        Assert.Equal(2, await db.Instances.CountAsync(row => row.PinnedAvailabilityZone == "east", Ct));
    }

    [Fact]
    public async Task Several_at_once_are_numbered()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.1");

        using var answer = await PostAsync(client, Body("""{"name": "web", "min_count": 1, "max_count": "3", "return_reservation_id": true}"""));

        Assert.StartsWith("r-", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Ct))!["reservation_id"], StringComparison.Ordinal);
        await using var db = await host.OpenDatabaseAsync();
        Assert.Equal(["web-1", "web-2", "web-3"], await db.Instances.Where(row => row.IsMade).Select(row => row.DisplayName).Order().ToListAsync(Ct));
    }

    [Theory]
    [InlineData("""{"networks": "auto"}""", "'name' is a required property")]
    [InlineData("""{"name": "a"}""", "'networks' is a required property")]
    [InlineData("""{"name": "", "networks": "auto"}""", "is too short")]
    [InlineData("""{"name": " a", "networks": "auto"}""", "does not match")]
    [InlineData("""{"name": 1, "networks": "auto"}""", "is not of type 'string'")]
    [InlineData("""{"name": "a", "networks": "all"}""", "is not one of")]
    [InlineData("""{"name": "a", "networks": [{"uuid": "x"}]}""", "is not a 'uuid'")]
    [InlineData("""{"name": "a", "networks": [{}]}""", "Bad networks format")]
    [InlineData("""{"name": "a", "networks": [1]}""", "is not of type 'object'")]
    [InlineData("""{"name": "a", "networks": [{"color": 1}]}""", "Additional properties are not allowed")]
    [InlineData("""{"name": "a", "networks": [{"port": "5e1f0000-0000-4000-8000-000000000001"}]}""", "name networks by their uuid")]
    [InlineData("""{"name": "a", "networks": [{"uuid": "5e1f0000-0000-4000-8000-000000000001"}]}""", "could not be found")]
    [InlineData("""{"name": "a", "networks": "none", "imageRef": ""}""", "Invalid imageRef provided.")]
    [InlineData("""{"name": "a", "networks": "none", "imageRef": "lab"}""", "Invalid imageRef provided.")]
    [InlineData("""{"name": "a", "networks": "none", "imageRef": "5e1f0000-0000-4000-8000-000000000001"}""", "Can not find requested image")]
    [InlineData("""{"name": "a", "networks": "none", "flavorRef": "nothing"}""", "Flavor nothing could not be found.")]
    [InlineData("""{"name": "a", "networks": "none", "flavorRef": {}}""", "is not of type")]
    [InlineData("""{"name": "a", "networks": "none", "metadata": []}""", "is not of type 'object'")]
    [InlineData("""{"name": "a", "networks": "none", "metadata": {"a": 1}}""", "is not of type 'string'")]
    [InlineData("""{"name": "a", "networks": "none", "metadata": {"": "b"}}""", "Additional properties")]
    [InlineData("""{"name": "a", "networks": "none", "user_data": "?"}""", "is not a 'base64'")]
    [InlineData("""{"name": "a", "networks": "none", "min_count": 0}""", "less than the minimum")]
    [InlineData("""{"name": "a", "networks": "none", "min_count": 3, "max_count": 2}""", "min_count must be <= max_count")]
    [InlineData("""{"name": "a", "networks": "none", "max_count": 1.5}""", "is not of type 'integer'")]
    [InlineData("""{"name": "a", "networks": "none", "availability_zone": "moon"}""", "The requested availability zone is not available")]
    [InlineData("""{"name": "a", "networks": "none", "availability_zone": "nova:"}""", "Unable to parse availability_zone")]
    [InlineData("""{"name": "a", "networks": "none", "availability_zone": "a:b:c:d"}""", "Unable to parse availability_zone")]
    [InlineData("""{"name": "a", "networks": "none", "availability_zone": "nova::nowhere"}""", "Compute host nowhere could not be found.")]
    [InlineData("""{"name": "a", "networks": "none", "availability_zone": "nova:nv1", "host": "nv1"}""", "conflicts with the availability_zone's host")]
    [InlineData("""{"name": "a", "networks": "none", "host": "nowhere"}""", "Compute host nowhere could not be found.")]
    [InlineData("""{"name": "a", "networks": "none", "tags": ["a/b"]}""", "does not match")]
    [InlineData("""{"name": "a", "networks": "none", "tags": "a"}""", "is not of type 'array'")]
    [InlineData("""{"name": "a", "networks": "none", "accessIPv4": "::1"}""", "is not a 'ipv4'")]
    [InlineData("""{"name": "a", "networks": "none", "config_drive": "maybe"}""", "is not one of")]
    [InlineData("""{"name": "a", "networks": "none", "config_drive": 1}""", "is not of type 'boolean', 'string'")]
    [InlineData("""{"name": "a", "networks": "none", "user_data": 1}""", "is not of type 'string'")]
    [InlineData("""{"name": "a", "networks": "none", "personality": []}""", "Additional properties")]
    [InlineData("""{"name": "a", "networks": "none", "block_device_mapping_v2": [{"source_type": "volume", "uuid": "x"}]}""", "that disk alone")]
    [InlineData("""{"name": "a", "networks": "none", "block_device_mapping_v2": [1]}""", "is not of type 'object'")]
    [InlineData("""{"name": "a", "networks": "none", "OS-DCF:diskConfig": "auto"}""", "is not one of")]
    [InlineData("""{"name": "a", "networks": "none", "color": "red"}""", "Additional properties are not allowed ('color' was unexpected)")]
    public async Task What_can_not_be_is_the_callers_fault(string server, string said)
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");

        using var answer = await PostAsync(client, Body(server));

        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, (string?)JsonNode.Parse(text)!["badRequest"]!["message"], StringComparison.Ordinal);
        await using var db = await host.OpenDatabaseAsync();
        Assert.False(await db.Instances.AnyAsync(row => row.IsMade, Ct));
    }

    [Fact]
    public async Task More_than_a_hundred_at_once_are_too_many()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        using var answer = await PostAsync(client, Body("""{"name": "a", "networks": "none", "max_count": 101}"""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Removing_is_recorded_once_however_often_it_is_asked_for()
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.DeleteAsync($"/v2.1/servers/{Scene.Idle}", Ct)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        using var forced = await client.PostAsJsonAsync($"/v2.1/servers/{Scene.Idle}/action", JsonNode.Parse("""{"forceDelete": null}"""), Ct);
        Assert.Equal(HttpStatusCode.Accepted, forced.StatusCode);

        await using var db = await host.OpenDatabaseAsync();
        Assert.Single(await db.InstanceActions.Where(row => row.Action == "delete").ToListAsync(Ct));
        var shown = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{Scene.Idle}", Ct))!["server"]!;
        Assert.Equal(("ACTIVE", "deleting"), ((string?)shown["status"], (string?)shown["OS-EXT-STS:task_state"]));
    }

    [Theory]
    [InlineData("d480590e-156f-4f24-9490-000000000000")]
    [InlineData("idle1")]
    public async Task What_is_not_there_can_not_be_removed(string id)
    {
        await using var host = await StartAsync();
        using var client = host.Operator("2.93");
        using var answer = await client.DeleteAsync($"/v2.1/servers/{id}", Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<ApiHost> StartAsync(bool withWorkers = false)
    {
        var host = await ApiHost.StartAsync(
            async db =>
            {
                await Scene.Quiet(db);
                db.ComputeNodes.Add(Scene.Node(3, "nv3", "b03e7f08-662d-44f7-934f-e11ab6443c71", "b03e7f08-662d-44f7-934f-e11ab6443c72"));
            },
            withWorkers);
        var folder = Directory.CreateDirectory(Path.Combine(host.StateFolder, "images"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "lab.raw"), new byte[1 << 20], Ct);
        return host;
    }

    private static string Body(string server, JsonNode? hints = null)
    {
        var given = JsonNode.Parse(server)!.AsObject();
        given.TryAdd("imageRef", Image.ToString());
        given.TryAdd("flavorRef", "1");
        var body = new JsonObject { ["server"] = given };
        if (hints is not null)
        {
            body["os:scheduler_hints"] = hints;
        }

        return body.ToJsonString();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) =>
        client.PostAsync("/v2.1/servers", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

    private static async Task<JsonNode> UntilAsync(HttpClient client, string id, Func<JsonNode, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            var server = (await client.GetFromJsonAsync<JsonObject>($"/v2.1/servers/{id}", limit.Token))!["server"]!;
            if (wanted(server))
            {
                return server;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private static async Task UntilGoneAsync(HttpClient client, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            using var answer = await client.GetAsync($"/v2.1/servers/{id}", limit.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
