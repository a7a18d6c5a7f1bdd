using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Replays what was recorded of a real Glance and a real Neutron against what answers in their places.</summary>
public sealed class CatalogGoldenTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases =>
        [.. GoldenCase.Names.Where(name => name.StartsWith("img-", StringComparison.Ordinal) || name.StartsWith("net-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_recorded(string name)
    {
        var golden = GoldenCase.Read(name);
        var service = name.StartsWith("img-", StringComparison.Ordinal) ? "/image" : "/network";
        using var client = catalog.Host.Operator();

        using var response = await client.GetAsync(service + (string)golden.Request["path"]!, Ct);

        var ours = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!.AsObject();
        var recorded = golden.Response["body"]!.AsObject();
        Assert.Equal(golden.Status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        if (golden.Status >= 400)
        {
            Assert.Equal(recorded.ToJsonString(), ours.ToJsonString());
            return;
        }

        Assert.Equal(Keys(recorded), Keys(ours));
        foreach (var (key, list) in recorded.Where(pair => pair.Value is JsonArray { Count: > 0 } && ours[pair.Key] is JsonArray { Count: > 0 }))
        {
            var (left, right) = (list!.AsArray()[0]!.AsObject(), ours[key]!.AsArray()[0]!.AsObject());
            Assert.Equal(Keys(left), Keys(right));
            Assert.All(left.Where(pair => pair.Value is not null && right[pair.Key] is not null), pair => Assert.Equal(
                IsBoolean(pair.Value!) ? "boolean" : pair.Value!.GetValueKind().ToString(),
                IsBoolean(right[pair.Key]!) ? "boolean" : right[pair.Key]!.GetValueKind().ToString()));
        }
    }

    [Fact]
    public async Task Versions_are_told_to_everybody()
    {
        using var client = catalog.Host.Anybody();
        using var images = await client.GetAsync("/image/", Ct);
        using var networks = await client.GetAsync("/network/", Ct);

        Assert.Equal((HttpStatusCode.MultipleChoices, HttpStatusCode.OK), (images.StatusCode, networks.StatusCode));
        Assert.NotEmpty(JsonNode.Parse(await images.Content.ReadAsStringAsync(Ct))!["versions"]!.AsArray());
    }

    [Fact]
    public async Task What_an_image_looks_like_is_told_with_every_key_that_is_shown()
    {
        using var client = catalog.Host.Operator();
        var schema = JsonNode.Parse(await client.GetStringAsync("/image/v2/schemas/image", Ct))!;
        var list = JsonNode.Parse(await client.GetStringAsync("/image/v2/schemas/images", Ct))!;
        var shown = JsonNode.Parse(await client.GetStringAsync("/image/v2/images", Ct))!["images"]![0]!.AsObject();

        Assert.Equal(("image", "images"), ((string?)schema["name"], (string?)list["name"]));
        Assert.Equal(schema["properties"]!.ToJsonString(), list["properties"]!["images"]!["items"]!["properties"]!.ToJsonString());
        Assert.All(
            shown.Where(pair => !schema["properties"]!.AsObject().ContainsKey(pair.Key)),
            pair => Assert.Equal(System.Text.Json.JsonValueKind.String, pair.Value?.GetValueKind()));
    }

    [Theory]
    [InlineData("/image/v2/images")]
    [InlineData("/network/v2.0/networks")]
    [InlineData("/network/v2.0/ports")]
    public async Task Everything_else_wants_a_token(string path)
    {
        using var client = catalog.Host.Anybody();
        using var answer = await client.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Images_are_found_by_name_and_come_in_pages()
    {
        Assert.Equal("lab", (string?)Assert.Single(await ListAsync("/image/v2/images?name=lab", "images"))!["name"]);
        Assert.Empty(await ListAsync("/image/v2/images?name=nothing", "images"));
        var first = Assert.Single(await ListAsync("/image/v2/images?limit=1", "images"));
        Assert.NotEqual((string?)first!["id"], (string?)(await ListAsync($"/image/v2/images?marker={first["id"]}", "images"))[0]!["id"]);
        using var client = catalog.Host.Operator();
        using var wrong = await client.GetAsync("/image/v2/images?limit=many", Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var unknown = await client.GetAsync("/image/v2/metadefs", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_network_is_found_by_name_and_by_id()
    {
        using var client = catalog.Host.Operator();
        using var byName = await client.GetAsync("/network/v2.0/networks/lan", Ct);
        Assert.Equal(HttpStatusCode.NotFound, byName.StatusCode);
        Assert.Contains("NetworkNotFound", await byName.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var network = Assert.Single(await ListAsync("/network/v2.0/networks?name=lan", "networks"))!;
        using var byId = await client.GetAsync($"/network/v2.0/networks/{network["id"]}", Ct);
        Assert.Equal(HttpStatusCode.OK, byId.StatusCode);
        Assert.Empty(await ListAsync("/network/v2.0/networks?name=wan", "networks"));
        Assert.Equal(["id"], Assert.Single(await ListAsync("/network/v2.0/networks?fields=id", "networks"))!.AsObject().Select(pair => pair.Key));
    }

    private async Task<JsonArray> ListAsync(string path, string key)
    {
        using var client = catalog.Host.Operator();
        return JsonNode.Parse(await client.GetStringAsync(path, Ct))![key]!.AsArray();
    }

    private static bool IsBoolean(JsonNode node) => node.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False;

    // Pages are said to be more or not.
    private static IEnumerable<string> Keys(JsonObject document) =>
        document.Select(pair => pair.Key).Where(key => key is not ("next" or "first")).Order(StringComparer.Ordinal);
}

/// <summary>A running program with images and a network.</summary>
public sealed class CatalogHost : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync(Scene.Quiet, settings: [("Networks:0:Name", "lan"), ("Networks:0:Bridge", "br0"), ("Networks:0:Cidr", "10.0.0.0/24")]);
        var folder = Directory.CreateDirectory(Path.Combine(Host.StateFolder, "images")).FullName;
        foreach (var name in new[] { "lab", "other" })
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".raw"), new byte[1 << 20]);
            await File.WriteAllTextAsync(
                Path.Combine(folder, name + ".json"),
                """{"properties": {"kernel_id": "a", "ramdisk_id": "b", "os_command_line": "quiet"}}""");
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
