using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Api.Identity;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>What a request to move a server means, and what becomes of the conductor's errors.</summary>
public sealed class MigrateLiveActionTests(QuietHost quiet) : IClassFixture<QuietHost>
{
    private readonly ApiHost _host = quiet.Host;

    [Theory]
    [InlineData("2.1", """{"host": null, "block_migration": false, "disk_over_commit": false}""", null, true, BlockMigration.No, false, true)]
    [InlineData("2.1", """{"host": "nv2", "block_migration": "True", "disk_over_commit": "1"}""", "nv2", false, BlockMigration.Yes, true, true)]
    [InlineData("2.25", """{"host": "nv2", "block_migration": "auto"}""", "nv2", false, BlockMigration.Auto, null, true)]
    [InlineData("2.30", """{"host": "nv2", "block_migration": "auto"}""", "nv2", true, BlockMigration.Auto, null, true)]
    [InlineData("2.30", """{"host": "nv2", "block_migration": "auto", "force": true}""", "nv2", false, BlockMigration.Auto, null, true)]
    [InlineData("2.34", """{"host": "nv2", "block_migration": "off", "force": "no"}""", "nv2", true, BlockMigration.No, null, false)]
    [InlineData("2.67", """{"host": "nv2", "block_migration": true, "force": "yes"}""", "nv2", false, BlockMigration.Yes, null, false)]
    [InlineData("2.93", """{"host": null, "block_migration": "auto"}""", null, true, BlockMigration.Auto, null, false)]
    [InlineData("latest", """{"host": "nv2", "block_migration": "auto"}""", "nv2", true, BlockMigration.Auto, null, false)]
    public async Task A_body_means_in_each_version_what_it_means_to_Nova(
        string version, string arguments, string? host, bool scheduled, BlockMigration block, bool? overCommit, bool wait)
    {
        using var response = await PostAsync(version, $$"""{"os-migrateLive": {{arguments}}}""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        var request = _host.Conductor.Last<StartLiveMigration.Request>();
        Assert.Equal(
            new StartLiveMigration.Request(
                Guid.Parse(Scene.Idle), host, scheduled, block, overCommit, wait,
                new Caller(response.Headers.GetValues("x-openstack-request-id").Single(), "admin", ApiHost.Project, IsAdmin: true) { Roles = RoleNames.OfAdmin }),
            request);
    }

    public static TheoryData<Exception, int, string> Faults => new()
    {
        { new InstanceIsLocked(Guid.Empty), 409, "conflictingRequest" },
        { new InstanceInvalidState(Guid.Empty, "os-migrateLive"), 409, "conflictingRequest" },
        { new ComputeHostNotFound("x"), 400, "badRequest" },
        { new NoValidHost("There are not enough hosts available."), 400, "badRequest" },
        { new MaxRetriesExceeded(3, Guid.Empty, []), 400, "badRequest" },
        { new MigrationPreCheckError("the CPU"), 400, "badRequest" },
        { new InvalidTransferOptions("tunnelled and native_tls exclude each other."), 400, "badRequest" },
        { new UnableToMigrateToSelf(Guid.Empty, "x"), 400, "badRequest" },
        { new InvalidSharedStorage("x", "y"), 400, "badRequest" },
        { new InvalidLocalStorage("x", "y"), 400, "badRequest" },
        { new DestinationHypervisorTooOld(), 400, "badRequest" },
        { new InvalidHypervisorType(), 400, "badRequest" },
        { new ComputeServiceUnavailable("x"), 400, "badRequest" },
        { new HypervisorUnavailable("x", "no route"), 400, "badRequest" },
        { new StateStoreUnavailable("it is locked"), 503, "serviceUnavailable" },
        { new SqliteException("database is locked", 5), 503, "serviceUnavailable" },
        { new InvalidOperationException("sequence contains a secret"), 500, "computeFault" },
        { new Core.Sagas.LeaseLost(1, 2), 500, "computeFault" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_error_becomes_its_fault_and_a_fault_of_ours_says_nothing_else(Exception fault, int status, string name)
    {
        _host.Conductor.Fault = fault;
        using var response = await PostAsync("2.1", """{"os-migrateLive": {"host": "nv2", "block_migration": false, "disk_over_commit": false}}""");
        _host.Conductor.Fault = null;
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("compute 2.1", response.Headers.GetValues("OpenStack-API-Version").Single());
        var message = (string)body![name]!["message"]!;
        if (status == 500)
        {
            Assert.StartsWith("Unexpected API Error.", message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        }
        else if (fault is ControlPlaneException)
        {
            Assert.Equal(fault.Message, message);
        }
    }

    [Fact]
    public async Task An_unknown_action_is_named()
    {
        using var response = await PostAsync("2.93", """{"teleport": null}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("There is no such action: teleport", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"lock": {"locked_reason": 12}}""")]
    [InlineData("""{"lock": {"why": "x"}}""")]
    [InlineData("""{"lock": [1]}""")]
    public async Task A_bad_reason_of_a_lock_is_refused(string body)
    {
        using var response = await PostAsync("2.73", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_server_is_found_missing_before_a_force_without_host()
    {
        using var content = new StringContent("""{"os-migrateLive": {"host": null, "block_migration": "auto", "force": true}}""", Encoding.UTF8, "application/json");
        using var response = await _host.Operator("2.30").PostAsync($"/v2.1/servers/{Guid.Empty}/action", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_legacy_api_drops_unknown_keys_and_has_no_versions()
    {
        using var content = new StringContent("""{"os-migrateLive": {"host": "nv2", "block_migration": false, "disk_over_commit": false, "x": 1}}""", Encoding.UTF8, "application/json");
        using var response = await _host.Operator("2.93").PostAsync($"/v2/servers/{Scene.Idle}/action", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(response.Headers.Contains("OpenStack-API-Version"));
    }

    [Fact]
    public async Task A_lock_is_kept_with_its_reason_until_it_is_taken_off()
    {
        using var locked = await PostAsync("2.73", """{"lock": {"locked_reason": "do not touch"}}""");
        Assert.Equal(HttpStatusCode.Accepted, locked.StatusCode);
        var server = await ShowAsync();
        Assert.True((bool)server["locked"]!);
        Assert.Equal("do not touch", (string)server["locked_reason"]!);
        using var unlocked = await PostAsync("2.73", """{"unlock": null}""");
        Assert.Equal(HttpStatusCode.Accepted, unlocked.StatusCode);
        Assert.False((bool)(await ShowAsync())["locked"]!);
    }

    private async Task<JsonNode> ShowAsync() =>
        (await _host.Operator("2.93").GetFromJsonAsync<JsonObject>($"/v2.1/servers/{Scene.Idle}", TestContext.Current.CancellationToken))!["server"]!;

    private async Task<HttpResponseMessage> PostAsync(string version, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _host.Operator(version).PostAsync($"/v2.1/servers/{Scene.Idle}/action", content, TestContext.Current.CancellationToken);
    }
}
