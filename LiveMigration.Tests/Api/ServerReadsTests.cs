using System.Net;
using LiveMigration.Core.Compute;
using LiveMigration.Core.Model;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>What users note of servers, and what hangs on them.</summary>
public sealed class ServerReadsTests
{
    private const string Vm1 = "/v2.1/servers/" + Scene.Vm1;

    [Fact]
    public async Task Metadata_is_added_replaced_and_removed()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        await host.ExpectAsync(HttpStatusCode.OK, "POST", Vm1 + "/metadata", """{"metadata": {"a": "1", "b": "2"}}""");
        await host.ExpectAsync(HttpStatusCode.OK, "PUT", Vm1 + "/metadata/b", """{"meta": {"b": "3"}}""");
        await host.ExpectAsync(HttpStatusCode.NoContent, "DELETE", Vm1 + "/metadata/a");
        Assert.Equal("""{"b":"3"}""", (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1))!["server"]!["metadata"]!.ToJsonString());
        Assert.Equal("""{"meta":{"b":"3"}}""", (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1 + "/metadata/b"))!.ToJsonString());

        await host.ExpectAsync(HttpStatusCode.OK, "PUT", Vm1 + "/metadata", """{"metadata": {"c": "4"}}""");
        Assert.Equal("""{"metadata":{"c":"4"}}""", (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1 + "/metadata"))!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", "/metadata/x", """{"meta": {"y": "1"}}""", HttpStatusCode.BadRequest, "Request body and URI mismatch")]
    [InlineData("DELETE", "/metadata/x", null, HttpStatusCode.NotFound, "Metadata item was not found")]
    [InlineData("GET", "/metadata/x", null, HttpStatusCode.NotFound, "Metadata item was not found")]
    [InlineData("PUT", "/metadata", """{"metadata": {"a": 1}}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute metadata. Value: {'a': 1}. 1 is not of type 'string'")]
    [InlineData("GET", "/tags/x", null, HttpStatusCode.NotFound, "Server d480590e-156f-4f24-9490-d049aad153be has no tag 'x'")]
    [InlineData("PUT", "/tags", """{"tags": ["a,b"]}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute tags. Value: a,b. 'a,b' does not match '^[^,/]*$'")]
    [InlineData("PUT", "", """{"server": {"accessIPv4": "::1"}}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute accessIPv4. Value: ::1. '::1' is not a 'ipv4'")]
    [InlineData("PUT", "", """{"server": {"flavor": "1"}}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute server. Value: {'flavor': '1'}. Additional properties are not allowed ('flavor' was unexpected)")]
    [InlineData("GET", "/os-interface/nope", null, HttpStatusCode.NotFound, "Instance d480590e-156f-4f24-9490-d049aad153be does not have a port with id nope")]
    public async Task What_can_not_be_is_refused_in_Novas_words(string method, string path, string? body, HttpStatusCode status, string message)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        Assert.Equal(message, (await host.ExpectAsync(status, method, Vm1 + path, body)).Message());
    }

    [Fact]
    public async Task Tags_are_set_and_servers_found_by_them()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        await host.ExpectAsync(HttpStatusCode.OK, "PUT", Vm1 + "/tags", """{"tags": ["a", "b"]}""");
        await host.ExpectAsync(HttpStatusCode.Created, "PUT", Vm1 + "/tags/c");
        await host.ExpectAsync(HttpStatusCode.NoContent, "PUT", Vm1 + "/tags/c");
        await host.ExpectAsync(HttpStatusCode.NoContent, "GET", Vm1 + "/tags/c");
        await host.ExpectAsync(HttpStatusCode.NoContent, "DELETE", Vm1 + "/tags/a");

        Assert.Equal("""{"tags":["b","c"]}""", (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1 + "/tags"))!.ToJsonString());
        Assert.Equal(1, await CountAsync(host, "tags=b,c"));
        Assert.Equal(0, await CountAsync(host, "tags=a,b"));
        Assert.Equal(1, await CountAsync(host, "tags-any=a,b"));
        Assert.Equal(3, await CountAsync(host, "not-tags=b,c"));
        Assert.Equal(3, await CountAsync(host, "not-tags-any=b"));
        await host.ExpectAsync(HttpStatusCode.NoContent, "DELETE", Vm1 + "/tags");
        Assert.Equal(0, await CountAsync(host, "tags-any=b,c"));
        await host.ExpectAsync(HttpStatusCode.NotFound, "GET", Vm1 + "/tags", version: "2.25");
    }

    [Fact]
    public async Task A_server_is_renamed_and_described()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        await host.ExpectAsync(HttpStatusCode.OK, "PUT", Vm1, """{"server": {"name": "books", "description": "the ledger", "accessIPv4": "192.0.2.7"}}""");
        var server = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1))!["server"]!;
        Assert.Equal(("books", "the ledger", "192.0.2.7"), ((string)server["name"]!, (string)server["description"]!, (string)server["accessIPv4"]!));

        var old = (await host.ExpectAsync(HttpStatusCode.OK, "PUT", Vm1, """{"server": {"name": "vm1"}}""", "2.1"))!["server"]!.AsObject();
        Assert.DoesNotContain(old, pair => pair.Key.StartsWith("OS-EXT-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_hangs_on_a_server_is_asked_of_its_host()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);

        var port = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1 + "/os-interface"))!["interfaceAttachments"]![0]!;
        Assert.Equal("52:54:00:00:00:01", (string)port["mac_addr"]!);
        await host.ExpectAsync(HttpStatusCode.OK, "GET", $"{Vm1}/os-interface/{port["port_id"]}");
        var flat = (await host.ExpectAsync(HttpStatusCode.OK, "GET", Vm1 + "/diagnostics", version: "2.1"))!;
        Assert.Contains("cpu0_time", flat);
        Assert.Contains("vda_read_req", flat);
        Assert.Contains("vnet0_rx_packets", flat);
        Assert.Equal(262144, (int)flat["memory"]!);
    }

    [Fact]
    public async Task A_server_that_is_off_is_not_counted()
    {
        await using var host = await ApiHost.StartAsync(async db =>
        {
            await Scene.Quiet(db);
            Scene.Find(db, Scene.Vm1).PowerState = PowerState.Shutdown;
        });

        await host.ExpectAsync(HttpStatusCode.Conflict, "GET", Vm1 + "/diagnostics");
        await host.ExpectAsync(HttpStatusCode.NotFound, "POST", Vm1 + "/action", """{"os-getConsoleOutput": {"length": 3}}""");
    }

    [Fact]
    public async Task A_plugged_interface_is_heard_of_while_its_server_moves()
    {
        await using var host = await ApiHost.StartAsync(Scene.Moving);
        var events = host.Services.GetRequiredService<VifEvents>();
        const string Body = """{"events": [{"name": "network-vif-plugged", "server_uuid": "IDHERE", "tag": "52:54:00:00:00:01", "status": "completed"}, {"name": "network-changed", "server_uuid": "11111111-2222-3333-4444-555555555555"}]}""";

        var answer = await host.ExpectAsync(
            HttpStatusCode.MultiStatus, "POST", "/v2.1/os-server-external-events", Body.Replace("IDHERE", Scene.Vm1, StringComparison.Ordinal));

        Assert.Equal([200, 404], answer!["events"]!.AsArray().Select(one => (int)one!["code"]!));
        Assert.True(events.IsPlugged(Guid.Parse(Scene.Vm1), "52:54:00:00:00:01"));
        Assert.False(events.IsPlugged(Guid.Parse(Scene.Vm1), "52:54:00:00:00:02"));
    }

    private static async Task<int> CountAsync(ApiHost host, string query) =>
        (await host.ExpectAsync(HttpStatusCode.OK, "GET", "/v2.1/servers?" + query))!["servers"]!.AsArray().Count;
}
