using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>What somebody who is no admin sees and may do, and that nothing but the token says who that is.</summary>
public sealed class PolicyScopeTests(MemberHost member) : IClassFixture<MemberHost>
{
    private const string Foreign = Scene.Slow;

    [Fact]
    public async Task A_member_lists_the_own_projects_servers_only_whatever_is_asked()
    {
        foreach (var query in new[]
        {
            "", "?project_id=" + ApiHost.Project, "?tenant_id=" + ApiHost.Project, "?host=nv1", "?uuid=" + Foreign, "?all_tenants=0",
            "?deleted=1",
        })
        {
            var (status, body, _) = await AsMemberAsync(HttpMethod.Get, "/v2.1/servers" + query);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal([MemberHost.Own], body!["servers"]!.AsArray().Select(server => (string)server!["id"]!));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await AsMemberAsync(HttpMethod.Get, "/v2.1/servers?marker=" + Foreign)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AsMemberAsync(HttpMethod.Get, "/v2.1/servers?all_tenants")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await AsMemberAsync(HttpMethod.Get, "/v2.1/servers?all_tenants=perhaps")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AsMemberAsync(HttpMethod.Get, "/v2.1/servers?status=deleted")).Status);
    }

    [Fact]
    public async Task The_admin_lists_the_own_projects_servers_or_all()
    {
        var (_, own, _) = await People.SendAsync(member.Host, member.Host.Token, HttpMethod.Get, "/v2.1/servers");
        var (_, all, _) = await People.SendAsync(member.Host, member.Host.Token, HttpMethod.Get, "/v2.1/servers?all_tenants=1");
        var (_, theirs, _) = await People.SendAsync(
            member.Host, member.Host.Token, HttpMethod.Get, "/v2.1/servers?all_tenants=1&project_id=" + member.Demo.Project);
        Assert.Equal((3, 4, 1), (own!["servers"]!.AsArray().Count, all!["servers"]!.AsArray().Count, theirs!["servers"]!.AsArray().Count));
        Assert.Equal(HttpStatusCode.OK, (await People.SendAsync(member.Host, member.Host.Token, HttpMethod.Get, "/v2.1/servers/" + MemberHost.Own)).Status);
    }

    [Theory]
    [InlineData("GET", "/v2.1/servers/{0}", null)]
    [InlineData("GET", "/v2.1/servers/{0}/migrations", null)]
    [InlineData("GET", "/v2.1/servers/{0}/migrations/35", null)]
    [InlineData("DELETE", "/v2.1/servers/{0}/migrations/35", null)]
    [InlineData("POST", "/v2.1/servers/{0}/migrations/35/action", """{"force_complete": null}""")]
    [InlineData("GET", "/v2.1/servers/{0}/os-instance-actions", null)]
    [InlineData("GET", "/v2.1/servers/{0}/os-instance-actions/req-d7da8ca9-b3a5-4e5d-a57f-105cf2dff417", null)]
    [InlineData("POST", "/v2.1/servers/{0}/action", """{"lock": null}""")]
    [InlineData("POST", "/v2.1/servers/{0}/action", """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""")]
    [InlineData("POST", "/v1/servers/{0}/migrations", """{}""")]
    [InlineData("GET", "/v2.1/servers/{0}/metadata", null)]
    [InlineData("GET", "/v2.1/servers/{0}/os-interface", null)]
    public async Task Another_projects_server_is_not_there_and_the_own_one_is_forbidden_or_not(string method, string path, string? body)
    {
        var (foreign, answer, _) = await AsMemberAsync(new HttpMethod(method), string.Format(null, path, Foreign), body);
        var (unknown, other, _) = await AsMemberAsync(new HttpMethod(method), string.Format(null, path, Guid.Empty), body);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign, unknown));
        Assert.Equal(
            other!.ToJsonString().Replace(Guid.Empty.ToString(), "", StringComparison.Ordinal),
            answer!.ToJsonString().Replace(Foreign, "", StringComparison.Ordinal));
        var (own, _, _) = await AsMemberAsync(new HttpMethod(method), string.Format(null, path, MemberHost.Own), body);
        Assert.Contains(own, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }

    [Fact]
    public async Task Another_projects_server_is_not_put_into_a_group()
    {
        var (made, group, _) = await AsMemberAsync(HttpMethod.Post, "/v2.1/os-server-groups", """{"server_group": {"name": "apart", "policy": "anti-affinity"}}""");
        Assert.Equal(HttpStatusCode.OK, made);
        var members = $"/v1/server-groups/{(string)group!["server_group"]!["id"]!}/members/";

        Assert.Equal(HttpStatusCode.NotFound, (await AsMemberAsync(HttpMethod.Put, members + Foreign)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AsMemberAsync(HttpMethod.Delete, members + Foreign)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await AsMemberAsync(HttpMethod.Put, members + MemberHost.Own)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await AsMemberAsync(HttpMethod.Delete, members + MemberHost.Own)).Status);
    }

    [Theory]
    [InlineData("GET", "/v2.1/os-services", null, "os_compute_api:os-services:list")]
    [InlineData("GET", "/v2.1/os-hypervisors", null, "os_compute_api:os-hypervisors:list")]
    [InlineData("GET", "/v2.1/os-hypervisors/detail", null, "os_compute_api:os-hypervisors:list-detail")]
    [InlineData("GET", "/v2.1/os-hypervisors/" + Scene.Nv1Hypervisor, null, "os_compute_api:os-hypervisors:show")]
    [InlineData("GET", "/v2.1/os-migrations", null, "os_compute_api:os-migrations:index")]
    [InlineData("GET", "/v2.1/servers/" + MemberHost.Own + "/migrations", null, "os_compute_api:servers:migrations:index")]
    [InlineData("GET", "/v2.1/servers/" + MemberHost.Own + "/migrations/1", null, "os_compute_api:servers:migrations:show")]
    [InlineData("DELETE", "/v2.1/servers/" + MemberHost.Own + "/migrations/1", null, "os_compute_api:servers:migrations:delete")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/migrations/1/action", """{"force_complete": null}""", "os_compute_api:servers:migrations:force_complete")]
    [InlineData("GET", "/v1/migrations/35", null, "livemigration:migrations:show")]
    [InlineData("GET", "/v1/cleanups", null, "livemigration:cleanups:list")]
    [InlineData("GET", "/v1/alerts", null, "livemigration:alerts:list")]
    [InlineData("POST", "/v1/servers/" + MemberHost.Own + "/migrations", """{}""", "livemigration:migrations:create")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/action", """{"migrate": null}""", "os_compute_api:os-migrate-server:migrate")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/action", """{"evacuate": {"host": "nv1"}}""", "os_compute_api:os-evacuate")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/action", """{"shelveOffload": null}""", "os_compute_api:os-shelve:shelve_offload")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/action", """{"injectNetworkInfo": null}""", "os_compute_api:os-admin-actions:inject_network_info")]
    [InlineData("POST", "/v2.1/servers/" + MemberHost.Own + "/action", """{"resetNetwork": null}""", "os_compute_api:os-admin-actions:reset_network")]
    public async Task What_is_the_admins_is_refused_by_the_rules_name(string method, string path, string? body, string rule)
    {
        var (status, answer, _) = await AsMemberAsync(new HttpMethod(method), path, body);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal($"Policy doesn't allow {rule} to be performed.", (string)answer!["forbidden"]!["message"]!);
    }

    [Fact]
    public async Task A_reader_is_refused_what_is_not_offered_before_it_is_told_so()
    {
        var reader = await People.AddAsync(member.Host, "onlooker", "demo", "reader");
        foreach (var (action, rule) in new[] { ("rebuild", "servers:rebuild"), ("rescue", "os-rescue"), ("os-getVNCConsole", "os-remote-consoles"), ("changePassword", "os-admin-password") })
        {
            var body = $$$"""{"{{{action}}}": {}}""";
            var (status, answer, _) = await People.SendAsync(member.Host, reader.Token, HttpMethod.Post, $"/v2.1/servers/{MemberHost.Own}/action", body);
            Assert.Equal((HttpStatusCode.Forbidden, $"Policy doesn't allow os_compute_api:{rule} to be performed."), (status, (string)answer!["forbidden"]!["message"]!));
            var (offered, _, _) = await AsMemberAsync(HttpMethod.Post, $"/v2.1/servers/{MemberHost.Own}/action", body);
            Assert.Equal(HttpStatusCode.BadRequest, offered);
        }
    }

    [Theory]
    [InlineData("X-Roles", "admin")]
    [InlineData("X-Role", "admin")]
    [InlineData("X-Is-Admin-Project", "True")]
    [InlineData("X-User-Id", "admin")]
    [InlineData("X-Project-Id", ApiHost.Project)]
    [InlineData("X-Tenant-Id", ApiHost.Project)]
    [InlineData("X-Identity-Status", "Confirmed")]
    [InlineData("X-Service-Token", "admin")]
    [InlineData("X-Service-Roles", "admin")]
    [InlineData("OpenStack-System-Scope", "all")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-HTTP-Method-Override", "GET")]
    public async Task No_header_makes_an_admin(string header, string value)
    {
        foreach (var path in new[] { "/v2.1/os-services", "/v2.1/servers/" + Foreign, "/identity/v3/users" })
        {
            var (status, _, _) = await People.SendAsync(member.Host, member.Demo.Token, HttpMethod.Get, path, null, (header, value), ("X-Roles", "admin,service"));
            Assert.Contains(status, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
            var (anonymous, _, _) = await People.SendAsync(member.Host, null, HttpMethod.Get, path, null, (header, value));
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous);
        }

        var (two, _, _) = await People.SendAsync(
            member.Host, member.Demo.Token, HttpMethod.Get, "/v2.1/os-services", null, ("X-Auth-Token", member.Host.Token));
        Assert.Contains(two, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Fact]
    public async Task Another_projects_id_in_the_path_is_refused()
    {
        Assert.Equal(HttpStatusCode.OK, (await AsMemberAsync(HttpMethod.Get, $"/v2.1/{member.Demo.Project}/servers")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await AsMemberAsync(HttpMethod.Get, $"/v2.1/{ApiHost.Project}/servers")).Status);
    }

    [Fact]
    public async Task A_member_does_not_learn_where_a_server_runs()
    {
        foreach (var version in new[] { "2.1", "2.3", "2.16", "2.89", "2.93" })
        {
            var (_, body, _) = await AsMemberAsync(HttpMethod.Get, "/v2.1/servers/" + MemberHost.Own, null, version);
            var server = body!["server"]!.AsObject();
            Assert.DoesNotContain("nv2", server.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("host_status", server.Select(pair => pair.Key));
            Assert.Equal(version is "2.93", server.ContainsKey("OS-EXT-SRV-ATTR:hostname"));
        }

        var (_, action, _) = await AsMemberAsync(
            HttpMethod.Get, $"/v2.1/servers/{MemberHost.Own}/os-instance-actions/req-8925d118-aa01-46d4-9f37-b9fe49a024fc");
        Assert.All(action!["instanceAction"]!["events"]!.AsArray(), row =>
            Assert.Empty(row!.AsObject().Select(pair => pair.Key).Intersect(["host", "traceback", "details"], StringComparer.Ordinal)));
    }

    [Fact]
    public async Task What_the_admin_of_another_project_locked_a_member_does_not_unlock()
    {
        const string path = "/v2.1/servers/" + MemberHost.Own + "/action";
        Assert.Equal(HttpStatusCode.Accepted, (await AsMemberAsync(HttpMethod.Post, path, """{"lock": null}""")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await AsMemberAsync(HttpMethod.Post, path, """{"unlock": null}""")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await People.SendAsync(member.Host, member.Host.Token, HttpMethod.Post, path, """{"lock": null}""")).Status);
        await AsMemberAsync(HttpMethod.Post, path, """{"lock": null}""");
        var (status, body, _) = await AsMemberAsync(HttpMethod.Post, path, """{"unlock": null}""");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("os_compute_api:os-lock-server:unlock:unlock_override", body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await People.SendAsync(member.Host, member.Host.Token, HttpMethod.Post, path, """{"unlock": null}""")).Status);
    }

    [Fact]
    public async Task An_operators_file_lets_managers_migrate_their_own_and_hides_the_hosts()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "docs", "examples", "policy-manager.yaml");
        await using var host = await ApiHost.StartAsync(Scene.Moving, settings: [("Policy:File", Path.GetFullPath(file))]);
        var manager = await People.AddAsync(host, "boss", "demo", "manager");
        await using (var db = await host.OpenDatabaseAsync())
        {
            foreach (var id in new[] { MemberHost.Own, Scene.Slow })
            {
                (await db.Instances.FindAsync([Guid.Parse(id)], TestContext.Current.CancellationToken))!.ProjectId = manager.Project;
            }

            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        async Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(HttpMethod method, string path, string? body = null)
        {
            var (status, answer, _) = await People.SendAsync(host, manager.Token, method, path, body, ("OpenStack-API-Version", "compute 2.93"));
            return (status, answer);
        }

        const string move = """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""";
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(HttpMethod.Post, $"/v2.1/servers/{MemberHost.Own}/action", move)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(HttpMethod.Post, $"/v2.1/servers/{Scene.Idle}/action", move)).Status);
        var (named, refusal) = await AskAsync(
            HttpMethod.Post, $"/v2.1/servers/{MemberHost.Own}/action", """{"os-migrateLive": {"host": "nv1", "block_migration": "auto"}}""");
        Assert.Equal(HttpStatusCode.Forbidden, named);
        Assert.Contains("os_compute_api:os-migrate-server:migrate_live:host", refusal!.ToJsonString(), StringComparison.Ordinal);
        var (_, listed) = await AskAsync(HttpMethod.Get, $"/v2.1/servers/{Scene.Slow}/migrations");
        Assert.DoesNotContain("nv1", listed!.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEmpty(listed["migrations"]!.AsArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(HttpMethod.Get, "/v2.1/os-migrations")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, "/v2.1/os-migrations?project_id=" + manager.Project)).Status);
    }

    private Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> AsMemberAsync(
        HttpMethod method, string path, string? body = null, string version = "2.93") =>
        People.SendAsync(member.Host, member.Demo.Token, method, path, body, ("OpenStack-API-Version", "compute " + version));
}
