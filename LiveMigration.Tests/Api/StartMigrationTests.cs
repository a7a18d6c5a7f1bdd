using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Our own way to ask for a move: with options for this one transfer.</summary>
public sealed class StartMigrationTests(MovingHost moving) : IClassFixture<MovingHost>
{
    private readonly ApiHost _host = moving.Host;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_arrive_and_what_is_not_given_stays_open()
    {
        using var response = await PostAsync(
            """{"host": "nv2", "options": {"permit_post_copy": true, "bandwidth_mibps": 200, "compression": "xbzrle", "downtime_ms": null, "migration_address": "fd00::2"}}""");

        var answer = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, answer);
        var request = _host.Conductor.Last<StartLiveMigration.Request>();
        Assert.Equal(("nv2", true, BlockMigration.Auto, false), (request.Host, request.Scheduled, request.BlockMigration, request.WaitForChecks));
        Assert.Equal(new TransferOverrides { PermitPostCopy = true, BandwidthMiBps = 200, Compression = "xbzrle" }, request.Options);
        Assert.Equal("fd00::2", request.MigrationAddress);
        Assert.Equal(1, (int?)JsonNode.Parse(answer)!["migration"]!["id"]);
    }

    [Fact]
    public async Task Nothing_needs_to_be_given()
    {
        using var response = await PostAsync("{}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var request = _host.Conductor.Last<StartLiveMigration.Request>();
        Assert.Equal((null, null, null), (request.Host, request.Options, request.MigrationAddress));
    }

    [Theory]
    [InlineData("""{"hots": null}""", "Additional properties are not allowed ('hots' was unexpected)")]
    [InlineData("""{"options": []}""", "is not of type 'object', 'null'")]
    [InlineData("""{"options": {"bandwidth": 1}}""", "Additional properties are not allowed ('bandwidth' was unexpected)")]
    [InlineData("""{"options": {"downtime_ms": "long"}}""", "field/attribute downtime_ms. Value: long.")]
    [InlineData("""{"options": {"downtime_ms": 1.5}}""", "is not of type 'integer', 'null'")]
    [InlineData("""{"options": {"downtime_ms": 99999999999}}""", "is greater than the maximum of 2147483647")]
    [InlineData("""{"options": {"native_tls": "yes"}}""", "is not of type 'boolean', 'null'")]
    [InlineData("""{"options": {"migration_address": "tcp://host"}}""", "does not match")]
    public async Task A_wrong_body_is_refused_by_its_name(string body, string words)
    {
        using var response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var fault = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Contains(words, (string)fault!["badRequest"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_shows_what_is_in_force_under_the_names_of_the_request()
    {
        using var client = _host.Operator();
        var report = await client.GetFromJsonAsync<JsonObject>("/v1/migrations/1", Ct);

        var options = report!["migration"]!["options"]!.AsObject();
        Assert.Equal((200, true, "192.0.2.9"), ((int)options["bandwidth_mibps"]!, (bool)options["permit_post_copy"]!, (string)options["migration_address"]!));
        Assert.Equal(75, (int)options["downtime_delay_seconds_per_gib"]!);
        Assert.Equal(
            typeof(TransferOverrides).GetProperties().Select(property => TransferOptionNames.Request(property.Name)).Append("migration_address").Order(StringComparer.Ordinal),
            options.Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var client = _host.Operator();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync($"/v1/servers/{Scene.Idle}/migrations", content, Ct);
    }
}
