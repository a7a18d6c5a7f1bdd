using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Replays what was recorded of a real Nova: statuses, faults and their texts, keys and their types.</summary>
public sealed class GoldenConformanceTests(GoldenHosts hosts) : IClassFixture<GoldenHosts>
{
    // What is not replayed, and why. A pattern that matches nothing fails a test below.
    private static readonly (string Pattern, string Reason)[] LeftOut =
    [
        ("ident-", "replayed in IdentityConformanceTests"),
        ("nonadmin", "replayed by a member in MemberConformanceTests"),
        ("srv-show-404-other-project", "replayed by a member in MemberConformanceTests"),
        ("blk-2.1-false-on-local-storage", "asks what the checks find; BlockMigrationTests has it"),
        ("act-pause-when-locked-409", "was asked by a user who is no admin"),
        ("srv-console-output", "libvirt keeps nothing of a console; 404, as Nova says of a guest without one"),
        ("srv-diagnostics-2.1", "its keys are named after devices; ServerReadsTests has it"),
        ("img-", "answered in the place of Glance, below /image; see CatalogGoldenTests"),
        ("net-", "answered in the place of Neutron, below /network; see CatalogGoldenTests"),
        ("act-list-q-marker-404", "Nova names the marker None by mistake; ours names the marker"),
        ("run-force-again", "needs a migration that is running and forced at once; covered by run-force-ok-202"),
        ("ml-2.93-source-forced-down", "asks what the scheduler does afterwards"),
    ];

    // Keys of a cloud that a libvirt host knows nothing of; Nova too leaves it out when it is empty.
    private static readonly string[] Cloudy = ["security_groups"];

    public static TheoryData<string> Cases => [.. GoldenCase.Names.Where(name => ReasonToLeaveOut(name) is null)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_recorded(string name)
    {
        var golden = GoldenCase.Read(name);
        var host = await hosts.ForAsync(name);
        using var request = golden.ToMessage(host.Token);
        using var response = await host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(golden.Status == (int)response.StatusCode, $"{golden.Status} was recorded, {(int)response.StatusCode} came: {text}");
        CompareHeaders(golden, response);
        if (golden.Response["body"] is { } body)
        {
            var ours = JsonNode.Parse(text);
            if (golden.Status >= 400)
            {
                Assert.Equal(Plain(body.ToJsonString()), Plain(ours!.ToJsonString()));
            }
            else
            {
                CompareShape(body, ours, "$");
            }
        }
        else
        {
            Assert.Empty(text);
        }
    }

    [Fact]
    public void Every_reason_to_leave_a_case_out_still_applies() => Assert.All(
        LeftOut, entry => Assert.Contains(GoldenCase.Names, name => name.Contains(entry.Pattern, StringComparison.Ordinal)));

    [Fact]
    public void Nearly_all_recorded_cases_are_replayed() => Assert.InRange(Cases.Count, 440, 600);

    private static string? ReasonToLeaveOut(string name) =>
        LeftOut.Where(entry => name.Contains(entry.Pattern, StringComparison.Ordinal)).Select(entry => entry.Reason).FirstOrDefault();

    // The identity service is on our own port.
    private static string Plain(string json) => json.Replace("http://10.78.0.1:5000", "", StringComparison.Ordinal);

    internal static void CompareHeaders(GoldenCase golden, HttpResponseMessage response)
    {
        foreach (var key in new[] { "OpenStack-API-Version", "X-OpenStack-Nova-API-Version" })
        {
            var recorded = (string?)golden.Response["headers"]![key];
            Assert.Equal(recorded, response.Headers.TryGetValues(key, out var values) ? string.Join(',', values) : null);
        }

        var hasId = golden.Response["headers"]!["x-openstack-request-id"] is not null;
        Assert.Equal(hasId, response.Headers.Contains("x-openstack-request-id"));
        Assert.Equal(hasId, response.Headers.Contains("x-compute-request-id"));
        Assert.Equal((string?)golden.Response["headers"]!["Content-Type"], response.Content.Headers.ContentType?.ToString());
    }

    internal static void CompareShape(JsonNode? recorded, JsonNode? ours, string path)
    {
        // A value may be missing on either side; that its key is there is checked one level up.
        if (recorded is null || ours is null)
        {
            return;
        }

        if (path.EndsWith(".image", StringComparison.Ordinal) || path.EndsWith(".addresses", StringComparison.Ordinal)
            || path.EndsWith(".metadata", StringComparison.Ordinal))
        {
            return;
        }

        Assert.True(Kind(recorded) == Kind(ours), $"{path}: {Kind(recorded)} was recorded, {Kind(ours)} came");
        if (recorded is JsonObject left && ours is JsonObject right)
        {
            var ignored = path == "$" ? left.Select(pair => pair.Key).Where(key => key.EndsWith("links", StringComparison.Ordinal)) : Cloudy;
            var optional = path.Contains("migrations[", StringComparison.Ordinal) ? new[] { "links" } : [];
            Assert.Equal(
                left.Select(pair => pair.Key).Where(key => !ignored.Contains(key, StringComparer.Ordinal) && !optional.Contains(key, StringComparer.Ordinal)).Order(StringComparer.Ordinal),
                right.Select(pair => pair.Key).Where(key => !ignored.Contains(key, StringComparer.Ordinal) && !optional.Contains(key, StringComparer.Ordinal)).Order(StringComparer.Ordinal));
            foreach (var (key, value) in left)
            {
                CompareShape(value, right[key], $"{path}.{key}");
            }
        }
        else if (recorded is JsonArray many && ours is JsonArray items && many.Count > 0 && items.Count > 0)
        {
            CompareShape(many[0], items[0], $"{path}[0]");
        }
    }

    private static string Kind(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString(),
    };
}

/// <summary>One running program for each state of affairs that the recordings come from.</summary>
public sealed class GoldenHosts : IAsyncLifetime
{
    private const string LocalDisk = "590065c0-9bf3-4a60-8266-aa1778f3a619";
    private readonly Dictionary<string, ApiHost> _hosts = new(StringComparer.Ordinal);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<ApiHost> ForAsync(string name)
    {
        var (scene, seed) = SceneOf(name);
        if (!_hosts.TryGetValue(scene, out var host))
        {
            host = await ApiHost.StartAsync(seed);
            _hosts[scene] = host;
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
        {
            await host.DisposeAsync();
        }
    }

    private static (string Scene, Func<ControlPlaneDbContext, Task> Seed) SceneOf(string name) => name switch
    {
        _ when name.Contains("stopped-409", StringComparison.Ordinal) || name.Contains("shutoff", StringComparison.Ordinal) =>
            ("stopped", db => Idle(db, VmState.Stopped)),
        _ when name.Contains("suspended-409", StringComparison.Ordinal) => ("suspended", db => Idle(db, VmState.Suspended)),
        "blk-2.1-true" => (name, db => Block(db, "nv2")),
        "blk-run-migrations-list" => (name, BlockMoving),
        _ when name.StartsWith("blk-", StringComparison.Ordinal) => ("block", db => Block(db, "nv1")),
        "act-resume" => (name, db => Idle(db, VmState.Suspended)),
        "act-unpause" => (name, db => Idle(db, VmState.Paused)),
        "act-suspend" => (name, Scene.Quiet),
        "act-stop-when-stopped-409" => (name, db => Idle(db, VmState.Stopped)),
        _ when name.Contains("paused-ok", StringComparison.Ordinal) => ("paused", db => Idle(db, VmState.Paused)),
        _ when name.Contains("dest-disabled", StringComparison.Ordinal) || name.Contains("dest-forced-down", StringComparison.Ordinal)
            || name is "ml-2.1-ok-string-bools" or "ml-2.30-ok-host" => ("elsewhere-" + (name.Contains("disabled", StringComparison.Ordinal) ? "disabled" : name.Contains("down", StringComparison.Ordinal) ? "down" : "up"), db => Elsewhere(db, name)),
        _ when name.StartsWith("aft-", StringComparison.Ordinal) || name.Contains("completed-400", StringComparison.Ordinal) => ("after", After),
        "run-force-ok-202" => ("forced", Forced),
        _ when name.Contains("show-2", StringComparison.Ordinal) && name.StartsWith("act-", StringComparison.Ordinal) => ("after", After),
        _ when name.StartsWith("act-", StringComparison.Ordinal) => ("after", After),
        _ when name.StartsWith("run-", StringComparison.Ordinal) => ("moving", Scene.Moving),
        _ when name.StartsWith("svc-", StringComparison.Ordinal) => ("services", Scene.Quiet),
        _ => ("quiet", Actions),
    };

    private static async Task Idle(ControlPlaneDbContext db, VmState state)
    {
        await Scene.Quiet(db);
        Scene.Find(db, Scene.Idle).VmState = state;
        Scene.Find(db, Scene.Idle).PowerState = state == VmState.Stopped ? PowerState.Shutdown : PowerState.Paused;
    }

    private static async Task Block(ControlPlaneDbContext db, string host)
    {
        await Actions(db);
        db.Instances.Add(Scene.Server(LocalDisk, "local1", host, minute: 5));
    }

    private static async Task BlockMoving(ControlPlaneDbContext db)
    {
        await Block(db, "nv2");
        db.Migrations.Add(Scene.Migration(60, "0a18a5f0-0000-4000-8000-000000000060", LocalDisk, MigrationStatus.Running));
    }

    private static async Task Elsewhere(ControlPlaneDbContext db, string name)
    {
        await Actions(db);
        Scene.Find(db, Scene.Idle).Host = "nv2";
        Scene.Host(db, "nv1").Enabled = !name.Contains("disabled", StringComparison.Ordinal);
        Scene.Host(db, "nv1").ForcedDown = name.Contains("down", StringComparison.Ordinal);
    }

    private static async Task Forced(ControlPlaneDbContext db)
    {
        await Scene.Quiet(db);
        Scene.Find(db, Scene.Slow).TaskState = TaskState.Migrating;
        db.Migrations.Add(Scene.Migration(36, "3a8b1f78-826e-4793-8ff5-c8ace132814d", Scene.Slow, MigrationStatus.Running));
    }

    private static async Task After(ControlPlaneDbContext db)
    {
        await Actions(db);
        db.Migrations.AddRange(
            Scene.Migration(35, "e41f8c18-6386-4e05-9063-5c70a2f5768c", Scene.Slow, MigrationStatus.Cancelled),
            Scene.Migration(36, "3a8b1f78-826e-4793-8ff5-c8ace132814d", Scene.Slow, MigrationStatus.Completed),
            Scene.Migration(38, "af20265f-c9cc-45bb-a438-69193c3e47cd", Scene.Vm1, MigrationStatus.Cancelled));
    }

    // Every action that a recording asks for by its request's id, and the failed migrations of ml-*-after-*.
    private static async Task Actions(ControlPlaneDbContext db)
    {
        await Scene.Quiet(db);
        db.Migrations.Add(Scene.Migration(7, "48c5a461-86d1-40a2-b6d8-2fcdafb29eb3", Scene.Idle, MigrationStatus.Error));
        var asked = GoldenCase.Names.Select(GoldenCase.Read).Where(golden => golden.Status == 200)
            .Select(golden => ((string)golden.Request["path"]!).Split('?')[0].Split('/'))
            .Where(path => path.Length == 6 && path[4] == "os-instance-actions")
            .Select(path => (Server: path[3], Request: path[5])).Distinct();
        db.InstanceActions.AddRange(asked.Select(action => Scene.Action(action.Server, action.Request, "live-migration", "Error")));
        db.InstanceActions.Add(Scene.Action(Scene.Slow, "req-15dbe5ad-77c7-4482-9df5-299a5c545b1b", "live_migration_cancel"));
    }
}
