using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Flavors: those that are stored, and those that adopted guests amount to.</summary>
public sealed class FlavorsTests(QuietHost quiet) : IClassFixture<QuietHost>
{
    private readonly ApiHost _host = quiet.Host;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_cloud_has_some()
    {
        var flavors = (await GetAsync("/v2.1/flavors/detail"))["flavors"]!.AsArray();

        Assert.Contains(flavors, flavor => (string?)flavor!["name"] == "m1.tiny" && (int?)flavor["ram"] == 512 && (string?)flavor["id"] == "1");
        Assert.DoesNotContain(flavors, flavor => (string?)flavor!["id"] == "m256c1");
    }

    [Fact]
    public async Task The_shape_of_an_adopted_guest_is_found_by_its_id_and_in_the_whole_list()
    {
        Assert.Equal(256, (int?)(await GetAsync("/v2.1/flavors/m256c1"))["flavor"]!["ram"]);
        var all = (await GetAsync("/v2.1/flavors?is_public=None"))["flavors"]!.AsArray();
        Assert.Contains(all, flavor => (string?)flavor!["id"] == "m256c1");
    }

    [Fact]
    public async Task A_flavor_is_made_changed_and_removed()
    {
        using var client = _host.Operator("2.75");
        var body = new JsonObject
        {
            ["flavor"] = new JsonObject
            {
                ["name"] = "m1.lab", ["ram"] = 192, ["vcpus"] = "1", ["disk"] = 0, ["id"] = "lab", ["description"] = "for tests",
            },
        };

        using var made = await client.PostAsJsonAsync("/v2.1/flavors", body, Ct);
        var flavor = (await made.Content.ReadFromJsonAsync<JsonObject>(Ct))!["flavor"]!;
        Assert.Equal((HttpStatusCode.OK, "lab", "for tests", 0), (made.StatusCode, (string?)flavor["id"], (string?)flavor["description"], (int?)flavor["swap"]));

        using var again = await client.PostAsJsonAsync("/v2.1/flavors", body, Ct);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("Flavor with ID lab already exists.", await again.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var changed = await client.PutAsJsonAsync("/v2.1/flavors/lab", JsonNode.Parse("""{"flavor": {"description": null}}"""), Ct);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var specs = await client.PostAsJsonAsync(
            "/v2.1/flavors/lab/os-extra_specs", JsonNode.Parse("""{"extra_specs": {"hw:cpu_policy": "shared"}}"""), Ct);
        Assert.Equal(HttpStatusCode.OK, specs.StatusCode);
        Assert.Equal("shared", (string?)(await GetAsync("/v2.1/flavors/lab/os-extra_specs/hw:cpu_policy"))["hw:cpu_policy"]);
        using var spec = await client.DeleteAsync("/v2.1/flavors/lab/os-extra_specs/hw:cpu_policy", Ct);
        Assert.Equal(HttpStatusCode.OK, spec.StatusCode);
        Assert.Empty((await GetAsync("/v2.1/flavors/lab/os-extra_specs"))["extra_specs"]!.AsObject());

        using var removed = await client.DeleteAsync("/v2.1/flavors/lab", Ct);
        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
        using var gone = await client.GetAsync("/v2.1/flavors/lab", Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_flavor_that_is_not_public_is_for_the_projects_it_was_opened_to()
    {
        var kept = await People.AddAsync(_host, "keeper", "kept", "member");
        await _host.ExpectAsync(
            HttpStatusCode.OK, "POST", "/v2.1/flavors", """{"flavor": {"name": "m1.kept", "ram": 64, "vcpus": 1, "disk": 0, "id": "kept", "os-flavor-access:is_public": false}}""");
        Assert.Equal(HttpStatusCode.NotFound, (await People.SendAsync(_host, kept.Token, HttpMethod.Get, "/v2.1/flavors/kept")).Status);

        var opened = (await _host.ExpectAsync(
            HttpStatusCode.OK, "POST", "/v2.1/flavors/kept/action", $$$"""{"addTenantAccess": {"tenant": "{{{kept.Project}}}"}}"""))!["flavor_access"]!.AsArray();
        Assert.Equal((kept.Project, "kept"), ((string?)opened[0]!["tenant_id"], (string?)opened[0]!["flavor_id"]));
        Assert.Equal(HttpStatusCode.OK, (await People.SendAsync(_host, kept.Token, HttpMethod.Get, "/v2.1/flavors/kept")).Status);
        await _host.ExpectAsync(HttpStatusCode.Conflict, "POST", "/v2.1/flavors/kept/action", $$$"""{"addTenantAccess": {"tenant": "{{{kept.Project}}}"}}""");

        var closed = (await _host.ExpectAsync(
            HttpStatusCode.OK, "POST", "/v2.1/flavors/kept/action", $$$"""{"removeTenantAccess": {"tenant": "{{{kept.Project}}}"}}"""))!["flavor_access"]!.AsArray();
        Assert.Empty(closed);
        Assert.Equal(HttpStatusCode.NotFound, (await People.SendAsync(_host, kept.Token, HttpMethod.Get, "/v2.1/flavors/kept")).Status);
        var forbidden = await People.SendAsync(
            _host, kept.Token, HttpMethod.Post, "/v2.1/flavors/kept/action", $$$"""{"addTenantAccess": {"tenant": "{{{kept.Project}}}"}}""");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
    }

    [Theory]
    [InlineData("1", """{"addTenantAccess": {"tenant": "a56effa39e9e4c548fe95f53cfd6ed28"}}""", HttpStatusCode.Conflict, "Can not add access to a public flavor.")]
    [InlineData("none", """{"addTenantAccess": {"tenant": "a56effa39e9e4c548fe95f53cfd6ed28"}}""", HttpStatusCode.NotFound, "Flavor none could not be found.")]
    [InlineData("1", """{"removeTenantAccess": {"tenant": "a"}}""", HttpStatusCode.NotFound, "Flavor access not found for 1 / a combination.")]
    [InlineData("1", """{"removeTenantAccess": {}}""", HttpStatusCode.BadRequest, "Invalid input for field/attribute removeTenantAccess. Value: {}. 'tenant' is a required property")]
    [InlineData("1", """{"explode": null}""", HttpStatusCode.BadRequest, "There is no such action: explode")]
    public async Task Access_that_can_not_be_is_refused(string flavor, string body, HttpStatusCode status, string message) =>
        Assert.Equal(message, (await _host.ExpectAsync(status, "POST", $"/v2.1/flavors/{flavor}/action", body)).Message());

    [Fact]
    public async Task They_come_in_pages()
    {
        var page = await GetAsync("/v2.1/flavors?limit=2");
        Assert.Equal(["1", "2"], page["flavors"]!.AsArray().Select(flavor => (string?)flavor!["id"]));
        Assert.Contains("marker=2", (string)page["flavors_links"]![0]!["href"]!, StringComparison.Ordinal);
        Assert.Equal("3", (string?)(await GetAsync("/v2.1/flavors?limit=1&marker=2"))["flavors"]![0]!["id"]);
        Assert.Equal("5", (string?)(await GetAsync("/v2.1/flavors?sort_key=memory_mb&sort_dir=desc"))["flavors"]![0]!["id"]);
        Assert.Equal(3, (await GetAsync("/v2.1/flavors?minRam=4096"))["flavors"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("?minRam=a", "Invalid min_ram filter [a]")]
    [InlineData("?is_public=perhaps", "Invalid is_public filter [perhaps]")]
    [InlineData("?marker=nothing", "marker [nothing] not found")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?sort_key=password", "sort_key")]
    [InlineData("?sort_dir=up", "sort_dir")]
    public async Task A_list_that_can_not_be_is_the_callers_fault(string query, string said)
    {
        using var answer = await _host.Operator("2.93").GetAsync("/v2.1/flavors" + query, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"flavor": null}""")]
    [InlineData("""{"flavor": {}}""")]
    [InlineData("""{"flavor": {"name": "", "ram": 1, "vcpus": 1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": " a", "ram": 1, "vcpus": 1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 0, "vcpus": 1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": -1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": 1, "disk": 1e30}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1.5, "vcpus": 1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": "x", "vcpus": 1, "disk": 0}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": 1, "disk": 0, "id": "a/b"}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": 1, "disk": 0, "swap": []}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": 1, "disk": 0, "rxtx_factor": "NaN"}}""")]
    [InlineData("""{"flavor": {"name": "a", "ram": 1, "vcpus": 1, "disk": 0, "color": "red"}}""")]
    public async Task A_flavor_that_can_not_be_is_the_callers_fault(string body)
    {
        using var client = _host.Operator("2.93");
        using var answer = await client.PostAsync("/v2.1/flavors", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<JsonObject> GetAsync(string path) =>
        (await _host.Operator("2.93").GetFromJsonAsync<JsonObject>(path, Ct))!;
}
