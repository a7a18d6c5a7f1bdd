using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Alerts;
using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Filters, pages and the values in them.</summary>
public sealed class ListsTests(MovingHost moving) : IClassFixture<MovingHost>
{
    private readonly ApiHost _host = moving.Host;

    [Theory]
    [InlineData("", "idle1 slow1 d1 vm1")]
    [InlineData("?all_tenants=1", "idle1 slow1 d1 vm1")]
    [InlineData("?name=vm", "vm1")]
    [InlineData("?name=^(idle|slow)1$", "idle1 slow1")]
    [InlineData("?host=nv2", "d1 vm1")]
    [InlineData("?status=MIGRATING", "slow1 vm1")]
    [InlineData("?status=SHUTOFF", "")]
    [InlineData("?status=MIGRATING&status=ACTIVE", "idle1 slow1 d1 vm1")]
    [InlineData("?task_state=migrating&host=nv1", "slow1")]
    [InlineData("?vm_state=active&power_state=1&name=1", "idle1 slow1 d1 vm1")]
    [InlineData("?vm_state=stopped", "")]
    [InlineData("?uuid=" + Scene.Slow, "slow1")]
    [InlineData("?changes-since=2026-11-22T18:03:00Z", "idle1 slow1")]
    [InlineData("?deleted=true", "")]
    [InlineData("?limit=0", "")]
    [InlineData("?marker=" + Scene.Slow, "d1 vm1")]
    [InlineData("?locked=true", "")]
    [InlineData("?sort_key=display_name&sort_dir=asc", "d1 idle1 slow1 vm1")]
    [InlineData("?sort_key=display_name", "vm1 slow1 idle1 d1")]
    [InlineData("?sort_key=host&sort_key=display_name&sort_dir=desc&sort_dir=asc", "d1 vm1 idle1 slow1")]
    [InlineData("?sort_key=launched_at&sort_dir=asc&marker=" + Scene.Slow, "idle1")]
    [InlineData("?sort_key=key_name&sort_dir=asc", "vm1 d1 slow1 idle1")]
    [InlineData("?sort_dir=asc&limit=2", "vm1 d1")]
    [InlineData("?tags=a,b", "")]
    [InlineData("?not-tags-any=a,b&limit=1", "idle1")]
    [InlineData("?not-tags=a&limit=1", "idle1")]
    [InlineData("?tags-any=a", "")]
    [InlineData("?availability_zone=nova", "idle1 slow1 d1 vm1")]
    [InlineData("?availability_zone=elsewhere", "")]
    [InlineData("?status=REBOOT", "")]
    [InlineData("?task_state=pausing", "")]
    [InlineData("?ip=10", "")]
    [InlineData("?ip=", "idle1 slow1 d1 vm1")]
    [InlineData("?ip6=fe80", "")]
    [InlineData("?image=", "idle1 slow1 d1 vm1")]
    [InlineData("?image=5e1f0000-0000-4000-8000-000000000001", "")]
    [InlineData("?image=none", "")]
    [InlineData("?flavor=1", "")]
    [InlineData("?flavor=m256c1", "idle1 slow1 d1 vm1")]
    [InlineData("?reservation_id=r-12345678", "")]
    [InlineData("?key_name=mine", "")]
    [InlineData("?config_drive=true", "")]
    [InlineData("?config_drive=false", "idle1 slow1 d1 vm1")]
    [InlineData("?created_at=never", "")]
    [InlineData("?hostname=nobody", "")]
    public async Task Servers_are_filtered(string query, string names)
    {
        var list = await GetAsync("/v2.1/servers" + query, "2.93");
        Assert.Equal(names, string.Join(' ', list["servers"]!.AsArray().Select(server => (string)server!["name"]!)));
    }

    [Fact]
    public async Task Servers_come_in_pages_that_follow_each_other()
    {
        var seen = new List<string>();
        var next = "/v2.1/servers/detail?limit=3&all_tenants=1";
        while (next is not null)
        {
            var page = await GetAsync(next, "2.93");
            seen.AddRange(page["servers"]!.AsArray().Select(server => (string)server!["name"]!));
            next = (string?)page["servers_links"]?[0]!["href"];
        }

        Assert.Equal(["idle1", "slow1", "d1", "vm1"], seen);
    }

    [Fact]
    public async Task What_hosts_must_still_be_rid_of_is_listed_with_the_reason()
    {
        await using (var db = await _host.OpenDatabaseAsync())
        {
            db.PendingCleanups.Add(new PendingCleanup
            {
                MigrationId = 35,
                InstanceUuid = Guid.Parse(Scene.Slow),
                Host = "nv2",
                Reason = "nv2 does not answer: No route to host",
                CreatedAt = Scene.Now,
            });
            await db.SaveChangesAsync();
        }

        var cleanup = Assert.Single((await GetAsync("/v1/cleanups", null))["cleanups"]!.AsArray())!;

        Assert.Equal((35, "nv2"), ((int)cleanup["migration_id"]!, (string)cleanup["host"]!));
        Assert.Equal("nv2 does not answer: No route to host", (string)cleanup["reason"]!);
    }

    [Fact]
    public async Task A_probe_counts_as_left_on_its_host_when_its_migration_has_ended_and_not_before()
    {
        await using var db = await _host.OpenDatabaseAsync();
        var ended = await db.Migrations.Where(row => row.FinishedAt != null).Select(row => row.Id).FirstAsync();
        var open = await db.Migrations.Where(row => row.FinishedAt == null).Select(row => row.Id).FirstAsync();
        db.ProbedFolders.AddRange(
            new ProbedFolder { MigrationId = ended, Host = "nv1", Folder = "/srv/images" },
            new ProbedFolder { MigrationId = open, Host = "nv1", Folder = "/srv/images" });
        await db.SaveChangesAsync();

        var cleanups = (await GetAsync("/v1/cleanups", null))["cleanups"]!.AsArray();
        await db.ProbedFolders.ExecuteDeleteAsync();

        var cleanup = Assert.Single(cleanups, one => (string)one!["host"]! == "nv1")!;
        Assert.Equal(ended, (int)cleanup["migration_id"]!);
        Assert.Contains("/srv/images", (string)cleanup["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_are_listed_with_what_to_do_and_resolved_ones_when_asked_for()
    {
        var book = _host.Services.GetRequiredService<AlertBook>();
        var finding = new Finding(AlertKind.DefinitionLeftOver, "one", "virsh undefine slow1 on nv2.")
        {
            Instance = Guid.Parse(Scene.Slow), Hosts = ["nv2", "nv1"],
        };
        book.Update([finding], judged: _ => true);

        var alert = Assert.Single((await GetAsync("/v1/alerts", null))["alerts"]!.AsArray())!;
        Assert.Equal(
            ("definition-left-over", "warning", Scene.Slow, "virsh undefine slow1 on nv2."),
            ((string)alert["kind"]!, (string)alert["severity"]!, (string)alert["server_id"]!, (string)alert["text"]!));
        Assert.Equal(["nv2", "nv1"], alert["hosts"]!.AsArray().Select(host => (string)host!));

        book.Update([], judged: _ => true);
        Assert.Empty((await GetAsync("/v1/alerts", null))["alerts"]!.AsArray());
        Assert.NotNull(Assert.Single((await GetAsync("/v1/alerts?all=true", null))["alerts"]!.AsArray())!["resolved_at"]);
        using var refused = await _host.Operator().GetAsync("/v1/alerts?all=perhaps", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("", "38 35 2 1")]
    [InlineData("?status=queued", "38")]
    [InlineData("?host=nv2", "38 35 2 1")]
    [InlineData("?source_compute=nv2", "")]
    [InlineData("?instance_uuid=" + Scene.Slow, "35")]
    [InlineData("?migration_type=migration", "")]
    [InlineData("?user_id=nobody", "")]
    [InlineData("?limit=2&marker=e41f8c18-6386-4e05-9063-5c70a2f5768c", "2 1")]
    [InlineData("?changes-before=2026-11-22T18:30:00Z", "2 1")]
    public async Task Migrations_are_filtered(string query, string ids)
    {
        var list = await GetAsync("/v2.1/os-migrations" + query, "2.93");
        Assert.Equal(ids, string.Join(' ', list["migrations"]!.AsArray().Select(row => (int)row!["id"]!)));
    }

    [Fact]
    public async Task Migrations_of_old_versions_come_in_the_order_of_their_making()
    {
        var list = await GetAsync("/v2.1/os-migrations?limit=1", "2.1");
        Assert.Equal([1, 2, 35, 38], list["migrations"]!.AsArray().Select(row => (int)row!["id"]!));
    }

    [Fact]
    public async Task Times_that_contradict_each_other_are_refused()
    {
        using var response = await _host.Operator("2.66").GetAsync(
            "/v2.1/os-migrations?changes-since=2026-01-02T00:00:00Z&changes-before=2026-01-01T00:00:00Z", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public void A_hosts_id_is_the_sum_that_Nova_makes() => Assert.Equal(
        "cf1a57ecc3f1d6b12061e83937246d6048687d920b9035e4eef4846c", HostId.Of("a56effa39e9e4c548fe95f53cfd6ed28", "nv2"));

    [Fact]
    public async Task A_hypervisor_adds_up_what_runs_on_it()
    {
        var host = (await GetAsync("/v2.1/os-hypervisors/" + Scene.Nv1Hypervisor, "2.87"))["hypervisor"]!;
        Assert.Equal(2, (int)host["running_vms"]!);
        Assert.Equal(512 + (2 * 256), (int)host["memory_mb_used"]!);
        Assert.Equal("kvm64", (string)host["cpu_info"]!["model"]!);
        Assert.Equal(181, (int)host["local_gb_used"]!);
    }

    [Fact]
    public async Task A_host_is_disabled_with_a_reason_and_a_server_on_it_says_maintenance()
    {
        using var content = JsonContent.Create(new JsonObject { ["status"] = "disabled", ["disabled_reason"] = "new disks" });
        using var response = await _host.Operator("2.93").PutAsync("/v2.1/os-services/" + Scene.Nv1Service, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("MAINTENANCE", (string)(await GetAsync("/v2.1/servers/" + Scene.Slow, "2.93"))["server"]!["host_status"]!);
        var service = (await GetAsync("/v2.1/os-services?host=nv1", "2.93"))["services"]![0]!;
        Assert.Equal("new disks", (string)service["disabled_reason"]!);
    }

    [Theory]
    [InlineData("35")]
    [InlineData("e41f8c18-6386-4e05-9063-5c70a2f5768c")]
    public async Task The_report_tells_what_Nova_has_no_place_for(string id)
    {
        await using (var db = await _host.OpenDatabaseAsync())
        {
            var row = await db.Migrations.SingleAsync(migration => migration.Id == 35, TestContext.Current.CancellationToken);
            row.Reason = "waits for nv2";
            row.NeedsAttention = true;
            db.Journal.Add(new JournalRow { MigrationId = 35, Sequence = id.Length, Step = "choose-destination", Kind = default, Epoch = 1, At = Scene.Now });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var report = (await GetAsync("/v1/migrations/" + id, null))["migration"]!;
        Assert.Equal("waits for nv2", (string)report["reason"]!);
        Assert.True((bool)report["needs_attention"]!);
        Assert.Equal("choose-destination", (string)report["journal"]![0]!["step"]!);
    }

    [Fact]
    public async Task An_unknown_path_below_no_version_offers_the_versions()
    {
        using var response = await _host.Anybody().GetAsync("/foo/bar", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MultipleChoices, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.Equal("v2.0 v2.1", string.Join(' ', body!["choices"]!.AsArray().Select(choice => (string)choice!["id"]!)));
    }

    private async Task<JsonObject> GetAsync(string path, string? version)
    {
        using var response = await _host.Operator(version).GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
