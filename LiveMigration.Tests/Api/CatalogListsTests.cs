using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Lists in the places of Glance and Neutron: filters, orders, pages.</summary>
public sealed class CatalogListsTests(ListedCatalog catalog) : IClassFixture<ListedCatalog>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "three two one")]
    [InlineData("?name=two", "two")]
    [InlineData("?name=in:one,three", "three one")]
    [InlineData("?name=in:%22one%22,%22a,b%22", "one")]
    [InlineData("?name=eq:one", "one")]
    [InlineData("?status=active", "three two one")]
    [InlineData("?status=queued", "")]
    [InlineData("?status=in:queued,active", "three two one")]
    [InlineData("?visibility=public", "three two one")]
    [InlineData("?visibility=all", "three two one")]
    [InlineData("?visibility=private", "")]
    [InlineData("?disk_format=raw", "three two one")]
    [InlineData("?disk_format=qcow2", "")]
    [InlineData("?container_format=bare&protected=false&os_hidden=False", "three two one")]
    [InlineData("?os_hidden=true", "")]
    [InlineData("?size_min=2097152", "three two")]
    [InlineData("?size_max=1048576", "one")]
    [InlineData("?min_disk=2", "two")]
    [InlineData("?os_distro=debian", "one")]
    [InlineData("?os_distro=other", "")]
    [InlineData("?tag=a", "")]
    [InlineData("?created_at=gt:2026-01-02T00:00:00Z", "three")]
    [InlineData("?updated_at=lte:2026-01-02T00:00:00Z", "two one")]
    [InlineData("?created_at=2026-01-02T00:00:00Z", "two")]
    [InlineData("?sort=name:asc", "one three two")]
    [InlineData("?sort=status,size:asc", "one two three")]
    [InlineData("?sort_key=name", "two three one")]
    [InlineData("?sort_key=status&sort_key=name&sort_dir=asc", "one three two")]
    [InlineData("?sort_dir=asc", "one two three")]
    [InlineData("?limit=0", "")]
    [InlineData("?limit=2", "three two")]
    public async Task Images_are_filtered_and_sorted(string query, string names) =>
        Assert.Equal(names, Names((await GetAsync("/image/v2/images" + query))["images"]!));

    [Theory]
    [InlineData("limit=many", "limit param must be an integer")]
    [InlineData("limit=-1", "limit param must be positive")]
    [InlineData("visibility=mine", "Invalid visibility value: mine")]
    [InlineData("protected=maybe", "Valid values are")]
    [InlineData("size_min=large", "size_min")]
    [InlineData("name=like:a", "unknown operator")]
    [InlineData("name=in:%22a", "not closed")]
    [InlineData("created_at=after:2026-01-01T00:00:00Z", "unknown operator")]
    [InlineData("created_at=gt:yesterday", "yesterday")]
    [InlineData("sort=color", "Invalid sort key: color")]
    [InlineData("sort=name:up", "Invalid sort direction: up")]
    [InlineData("sort=name&sort_key=name", "cannot be combined")]
    [InlineData("sort_key=name&sort_dir=asc&sort_dir=asc", "does not match")]
    [InlineData("sort=name,name", "once")]
    [InlineData("marker=nothing", "could not be found")]
    public async Task A_list_of_images_that_can_not_be_is_the_callers_fault(string query, string said) =>
        Assert.Contains(said, await RefusedAsync("/image/v2/images?" + query), StringComparison.Ordinal);

    [Fact]
    public async Task Pages_of_images_follow_each_other_in_the_order_that_was_asked_for()
    {
        List<string> seen = [];
        var next = "/v2/images?limit=1&sort=name:asc&status=in:active,queued";
        while (next is not null)
        {
            var page = await GetAsync("/image" + next);
            seen.Add(Names(page["images"]!));
            Assert.Equal("/v2/images?limit=1&sort=name%3Aasc&status=in%3Aactive%2Cqueued", (string?)page["first"]);
            next = (string?)page["next"];
        }

        Assert.Equal(["one", "three", "two"], seen);
        Assert.Equal("/v2/images", (string?)(await GetAsync("/image/v2/images"))["first"]);
    }

    [Theory]
    [InlineData("", "lan dmz wan")]
    [InlineData("?name=dmz", "dmz")]
    [InlineData("?name=dmz&name=WAN", "dmz wan")]
    [InlineData("?name=dmz&mtu=1500", "dmz")]
    [InlineData("?shared=true&admin_state_up=True", "lan dmz wan")]
    [InlineData("?color=red", "")]
    [InlineData("?sort_key=name&sort_dir=asc", "dmz lan wan")]
    [InlineData("?sort_key=mtu&sort_dir=desc&sort_key=name&sort_dir=desc", "lan wan dmz")]
    [InlineData("?sort_key=name&sort_dir=desc&limit=2", "wan lan")]
    [InlineData("?sort_key=name&sort_dir=desc&limit=2&page_reverse=True", "lan dmz")]
    [InlineData("?limit=0", "lan dmz wan")]
    public async Task Networks_are_filtered_and_sorted(string query, string names) =>
        Assert.Equal(names, Names((await GetAsync("/network/v2.0/networks" + query))["networks"]!));

    [Theory]
    [InlineData("networks?limit=many", HttpStatusCode.BadRequest, "Limit must be an integer 0 or greater and not 'many'")]
    [InlineData("networks?limit=-1", HttpStatusCode.BadRequest, "Limit must be")]
    [InlineData("networks?sort_key=name", HttpStatusCode.BadRequest, "must be same")]
    [InlineData("subnets?sort_key=color&sort_dir=asc", HttpStatusCode.BadRequest, "['color'] is invalid attribute for sort_keys")]
    [InlineData("ports?sort_key=id&sort_dir=up", HttpStatusCode.BadRequest, "['up'] is invalid value for sort_dirs")]
    [InlineData("networks?limit=1&marker=nothing", HttpStatusCode.NotFound, "Network nothing could not be found.")]
    public async Task A_list_of_networks_that_can_not_be_is_the_callers_fault(string path, HttpStatusCode status, string said)
    {
        using var client = catalog.Host.Operator();
        using var answer = await client.GetAsync("/network/v2.0/" + path, Ct);
        Assert.Equal(status, answer.StatusCode);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["NeutronError"]!;
        Assert.Contains(said, (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_networks_lead_on_and_back()
    {
        var first = await GetAsync("/network/v2.0/networks?limit=2&sort_key=name&sort_dir=asc&fields=name");
        Assert.Equal("dmz lan", Names(first["networks"]!));
        Assert.Equal(["name"], first["networks"]![0]!.AsObject().Select(pair => pair.Key));

        var second = await GetAsync(Href(first, "next"));
        Assert.Equal("wan", Names(second["networks"]!));
        Assert.DoesNotContain(second["networks_links"]!.AsArray(), link => (string?)link!["rel"] == "next");

        Assert.Equal("dmz lan", Names((await GetAsync(Href(second, "previous")))["networks"]!));
        Assert.Null((await GetAsync("/network/v2.0/networks"))["networks_links"]);
    }

    [Fact]
    public async Task Subnets_are_found_by_their_network_and_their_version()
    {
        var lan = (string?)(await GetAsync("/network/v2.0/networks?name=lan"))["networks"]![0]!["id"];
        Assert.Equal("lan", Names((await GetAsync($"/network/v2.0/subnets?network_id={lan}&ip_version=4"))["subnets"]!));
        Assert.Equal("wan", Names((await GetAsync("/network/v2.0/subnets?ip_version=6"))["subnets"]!));
    }

    private static string Names(JsonNode list) => string.Join(' ', list.AsArray().Select(item => (string?)item!["name"]));

    private static string Href(JsonNode page, string rel) =>
        (string)page["networks_links"]!.AsArray().Single(link => (string?)link!["rel"] == rel)!["href"]!;

    private async Task<JsonNode> GetAsync(string path)
    {
        using var client = catalog.Host.Operator();
        return JsonNode.Parse(await client.GetStringAsync(path, Ct))!;
    }

    private async Task<string> RefusedAsync(string path)
    {
        using var client = catalog.Host.Operator();
        using var answer = await client.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return WebUtility.HtmlDecode((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["message"]!);
    }
}

/// <summary>A running program with several images and networks.</summary>
public sealed class ListedCatalog : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync(
            Scene.Quiet,
            settings:
            [
                ("Networks:0:Name", "lan"), ("Networks:0:Bridge", "br0"), ("Networks:0:Cidr", "10.0.0.0/24"), ("Networks:0:Mtu", "9000"),
                ("Networks:1:Name", "dmz"), ("Networks:1:Bridge", "br1"),
                ("Networks:2:Name", "wan"), ("Networks:2:Bridge", "br2"), ("Networks:2:Cidr", "fd00::/64"),
            ]);
        var folder = Directory.CreateDirectory(Path.Combine(Host.StateFolder, "images")).FullName;
        foreach (var (name, number, about) in new[]
        {
            ("one", 1, """{"properties": {"os_distro": "debian"}}"""), ("two", 2, """{"min_disk": 2}"""), ("three", 3, "{}"),
        })
        {
            var path = Path.Combine(folder, name + ".raw");
            await File.WriteAllBytesAsync(path, new byte[number << 20]);
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), about);
            File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, number, 0, 0, 0, DateTimeKind.Utc));
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
