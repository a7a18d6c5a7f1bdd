using System.Net;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Logging in, and being shut out again.</summary>
public sealed class IdentityTests(QuietHost quiet) : IClassFixture<QuietHost>
{
    private const string Tokens = "/identity/v3/auth/tokens";

    private readonly ApiHost _host = quiet.Host;

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_first_start_leaves_the_password_in_clouds_yaml_for_its_owner_only_and_nowhere_else()
    {
        var file = Path.Combine(_host.StateFolder, "clouds.yaml");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var password = People.AdminPassword(_host);
        Assert.Equal(43, password.Length);
        Assert.NotEmpty(await People.TokenAsync(_host, "admin", password, "admin"));

        await using var db = await _host.OpenDatabaseAsync();
        var admin = await db.Users.SingleAsync(user => user.Name == "admin", TestContext.Current.CancellationToken);
        Assert.DoesNotContain(password, admin.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(
            ["admin", "manager", "member", "reader", "service"],
            await db.Roles.Select(role => role.Name).OrderBy(name => name).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_opens_the_api_and_is_kept_only_as_a_hash()
    {
        var token = await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token, "/v2.1/servers"));
        await using var db = await _host.OpenDatabaseAsync();
        Assert.DoesNotContain(await db.IssuedTokens.Select(row => row.Hash).ToListAsync(TestContext.Current.CancellationToken), hash => hash.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(Path.Combine(_host.StateFolder, "audit.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_a_changed_and_a_revoked_token_open_nothing()
    {
        var token = await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin");
        var hash = TokenText.Hash(token)!;
        foreach (var forged in new[] { "gAAAAbogus", token + "x", token[..^1], token.ToUpperInvariant() + "_", hash, new string('a', 5000), "admin", "null" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(forged, "/v2.1/servers"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(forged, "/identity/v3/users"));
        }

        var (revoked, _, _) = await People.SendAsync(_host, token, HttpMethod.Delete, Tokens, headers: ("X-Subject-Token", token));
        Assert.Equal(HttpStatusCode.NoContent, revoked);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token, "/v2.1/servers"));
        var (shown, _, _) = await People.SendAsync(_host, _host.Token, HttpMethod.Get, Tokens, headers: ("X-Subject-Token", token));
        Assert.Equal(HttpStatusCode.NotFound, shown);
    }

    [Fact]
    public async Task A_token_that_has_ended_opens_nothing()
    {
        var token = await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin");
        await using var db = await _host.OpenDatabaseAsync();
        var hash = TokenText.Hash(token)!;
        await db.IssuedTokens.Where(row => row.Hash == hash).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ExpiresAt, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)), TestContext.Current.CancellationToken);

        // As after a restart.
        using var later = On(TimeProvider.System);
        await later.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Null(later.Find(hash));
        await later.SweepAsync(TestContext.Current.CancellationToken);
        Assert.False(await db.IssuedTokens.AnyAsync(row => row.Hash == hash, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tokens_outlive_a_restart_and_end_in_time()
    {
        var hash = TokenText.Hash(await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin"))!;
        using var soon = On(TimeProvider.System);
        await soon.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["admin", "manager", "member", "reader"], soon.Find(hash)!.Roles);

        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var moved = On(clock);
        await moved.LoadAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(24));
        Assert.Null(moved.Find(hash));
        await moved.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, moved.Count);
    }

    [Fact]
    public async Task Who_logs_in_again_and_again_loses_the_oldest_tokens()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var few = On(clock, mostPerUser: 4);
        await using var db = await _host.OpenDatabaseAsync();
        var hashes = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var issued = await few.IssueAsync(db, new TokenProof("admin", null, null, null), ApiHost.Project, TestContext.Current.CancellationToken);
            hashes.Add(TokenText.Hash(issued!.Value.Token)!);
        }

        Assert.Equal([false, false, true, true, true], hashes.Select(hash => few.Find(hash) is not null));
        Assert.Equal(3, await db.IssuedTokens.CountAsync(row => hashes.Contains(row.Hash), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_password_being_shut_out_and_being_removed_end_all_tokens_at_once()
    {
        foreach (var (name, body) in new[] { ("p1", """{"user": {"password": "another"}}"""), ("p2", """{"user": {"enabled": false}}"""), ("p3", null) })
        {
            var person = await People.AddAsync(_host, name, "demo", "member");
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(person.Token, "/v2.1/servers"));
            var (status, _, _) = await People.SendAsync(
                _host, _host.Token, body is null ? HttpMethod.Delete : HttpMethod.Patch, "/identity/v3/users/" + person.Id, body);
            Assert.Equal(body is null ? HttpStatusCode.NoContent : HttpStatusCode.OK, status);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(person.Token, "/v2.1/servers"));
            var (again, _, _) = await People.SendAsync(_host, null, HttpMethod.Post, Tokens, People.LogIn(name, "secret-" + name, "demo"));
            Assert.Equal(HttpStatusCode.Unauthorized, again);
        }
    }

    [Fact]
    public async Task A_role_that_is_taken_ends_the_tokens_there_and_one_that_is_given_holds_at_once()
    {
        var person = await People.AddAsync(_host, "q1", "demo", "reader");
        var grant = $"/identity/v3/projects/{person.Project}/users/{person.Id}/roles/";
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(person.Token, "/v2.1/os-services"));
        await People.SendAsync(_host, _host.Token, HttpMethod.Put, grant + await People.RoleAsync(_host, "admin"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(person.Token, "/v2.1/os-services"));
        await People.SendAsync(_host, _host.Token, HttpMethod.Delete, grant + await People.RoleAsync(_host, "admin"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(person.Token, "/v2.1/os-services"));
    }

    [Fact]
    public async Task A_project_that_is_shut_or_removed_lets_nobody_in()
    {
        var person = await People.AddAsync(_host, "r1", "shut", "member");
        var path = "/identity/v3/projects/" + person.Project;
        await People.SendAsync(_host, _host.Token, HttpMethod.Patch, path, """{"project": {"enabled": false}}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(person.Token, "/v2.1/servers"));
        var (again, _, _) = await People.SendAsync(_host, null, HttpMethod.Post, Tokens, People.LogIn("r1", "secret-r1", "shut"));
        Assert.Equal(HttpStatusCode.Unauthorized, again);
        Assert.Equal(HttpStatusCode.NoContent, (await People.SendAsync(_host, _host.Token, HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_host.Token, path));
        Assert.Equal(HttpStatusCode.Forbidden, (await People.SendAsync(_host, _host.Token, HttpMethod.Delete, "/identity/v3/projects/" + ApiHost.Project)).Status);
    }

    [Fact]
    public async Task A_token_gives_another_for_another_project_that_ends_no_later()
    {
        var person = await People.AddAsync(_host, "s1", "first", "member");
        var second = await People.AddAsync(_host, "s2", "second", "member");
        var member = await People.RoleAsync(_host, "reader");
        await People.SendAsync(_host, _host.Token, HttpMethod.Put, $"/identity/v3/projects/{second.Project}/users/{person.Id}/roles/{member}");

        string ByToken(string project) => "{\"auth\": {\"identity\": {\"methods\": [\"token\"], \"token\": {\"id\": \"" + person.Token
            + "\"}}, \"scope\": {\"project\": {\"id\": \"" + project + "\"}}}}";
        var (status, body, response) = await People.SendAsync(_host, null, HttpMethod.Post, Tokens, ByToken(second.Project));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(["token", "password"], body!["token"]!["methods"]!.AsArray().Select(method => (string)method!));
        Assert.Equal(2, body["token"]!["audit_ids"]!.AsArray().Count);
        Assert.Equal(["reader"], body["token"]!["roles"]!.AsArray().Select(role => (string)role!["name"]!));
        var (_, first, _) = await People.SendAsync(_host, person.Token, HttpMethod.Get, Tokens, headers: ("X-Subject-Token", person.Token));
        Assert.Equal((string)first!["token"]!["expires_at"]!, (string)body["token"]!["expires_at"]!);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(response.Headers.GetValues("X-Subject-Token").Single(), "/v2.1/servers"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await People.SendAsync(_host, null, HttpMethod.Post, Tokens, ByToken(ApiHost.Project))).Status);
    }

    [Fact]
    public async Task A_token_of_no_project_opens_no_cloud()
    {
        var token = await People.TokenAsync(_host, "admin", People.AdminPassword(_host), null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(token, "/v2.1/servers"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token, "/identity/v3/auth/projects"));
    }

    [Fact]
    public async Task Another_users_token_is_shown_to_the_admin_only()
    {
        var one = await People.AddAsync(_host, "t1", "demo", "member");
        var other = await People.AddAsync(_host, "t2", "demo", "member");
        async Task<HttpStatusCode> AskAsync(string who, HttpMethod method) =>
            (await People.SendAsync(_host, who, method, Tokens, headers: ("X-Subject-Token", one.Token))).Status;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(one.Token, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(_host.Token, HttpMethod.Head));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(other.Token, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(other.Token, HttpMethod.Delete));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"auth": null}""")]
    [InlineData("""{"auth": {"identity": []}}""")]
    [InlineData("""{"auth": {"identity": {"methods": "password"}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": [1]}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"]}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"], "password": {"user": 1}}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "admin", "password": "x"}}}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": {}, "password": []}}}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["token"], "token": {"id": 7}}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["token"], "token": {"id": "x"}}, "scope": 5}}""")]
    public async Task A_log_in_that_is_none_is_the_callers_fault(string body)
    {
        var (status, answer, _) = await People.SendAsync(_host, null, HttpMethod.Post, Tokens, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400, (int)answer!["error"]!["code"]!);
    }

    [Fact]
    public async Task Users_projects_and_roles_are_made_changed_and_listed_as_clients_ask()
    {
        var person = await People.AddAsync(_host, "u1", "paint", "member");
        var admin = _host.Token;
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(admin, "/identity/v3/users/u1"));
        Assert.Equal(HttpStatusCode.Conflict, (await People.SendAsync(_host, admin, HttpMethod.Post, "/identity/v3/users", """{"user": {"name": "u1"}}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await People.SendAsync(_host, admin, HttpMethod.Post, "/identity/v3/projects", """{"project": {"name": "paint"}}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await People.SendAsync(_host, admin, HttpMethod.Post, "/identity/v3/users", """{"user": {"name": ""}}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await People.SendAsync(_host, admin, HttpMethod.Post, "/identity/v3/users", """{"user": {"name": "x", "domain_id": "other"}}""")).Status);

        var (_, changed, _) = await People.SendAsync(_host, admin, HttpMethod.Patch, "/identity/v3/users/" + person.Id, """{"user": {"email": "u1@example.org", "name": "u-one"}}""");
        Assert.Equal(("u1@example.org", "u-one"), ((string)changed!["user"]!["email"]!, (string)changed["user"]!["name"]!));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(person.Token, "/v2.1/servers"));

        var (_, rows, _) = await People.SendAsync(_host, admin, HttpMethod.Get, $"/identity/v3/role_assignments?user.id={person.Id}&include_names=True");
        var row = Assert.Single(rows!["role_assignments"]!.AsArray())!;
        Assert.Equal(("member", "u-one", "paint"), ((string)row["role"]!["name"]!, (string)row["user"]!["name"]!, (string)row["scope"]!["project"]!["name"]!));
        var (_, effective, _) = await People.SendAsync(_host, admin, HttpMethod.Get, $"/identity/v3/role_assignments?user.id={person.Id}&effective");
        Assert.Equal(2, effective!["role_assignments"]!.AsArray().Count);
        var (_, projects, _) = await People.SendAsync(_host, person.Token, HttpMethod.Get, $"/identity/v3/users/{person.Id}/projects");
        Assert.Equal("paint", (string)projects!["projects"]![0]!["name"]!);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(admin, "/identity/v3/domains?name=Default"));
    }

    [Fact]
    public async Task A_member_may_not_make_users_nor_give_itself_roles()
    {
        var person = await People.AddAsync(_host, "v1", "demo", "member");
        var grant = $"/identity/v3/projects/{person.Project}/users/{person.Id}/roles/{await People.RoleAsync(_host, "admin")}";
        foreach (var (method, path, body, rule) in new[]
        {
            (HttpMethod.Put, grant, null, "identity:create_grant"),
            (HttpMethod.Post, "/identity/v3/users", """{"user": {"name": "evil"}}""", "identity:create_user"),
            (HttpMethod.Patch, "/identity/v3/users/admin", """{"user": {"password": "mine"}}""", "identity:update_user"),
            (HttpMethod.Patch, "/identity/v3/users/" + person.Id, """{"user": {"roles": ["admin"]}}""", "identity:update_user"),
            (HttpMethod.Get, "/identity/v3/users", null, "identity:list_users"),
            (HttpMethod.Get, "/identity/v3/users/admin", null, "identity:get_user"),
            (HttpMethod.Get, "/identity/v3/projects", null, "identity:list_projects"),
            (HttpMethod.Get, "/identity/v3/role_assignments", null, "identity:list_role_assignments"),
        })
        {
            var (status, answer, _) = await People.SendAsync(_host, person.Token, method, path, body);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Equal($"You are not authorized to perform the requested action: {rule}.", (string)answer!["error"]!["message"]!);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(person.Token, "/identity/v3/users/" + person.Id));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(person.Token, "/identity/v3/projects/" + person.Project));
    }

    [Fact]
    public async Task A_user_changes_the_own_password_for_the_old_one()
    {
        var person = await People.AddAsync(_host, "w1", "demo", "member");
        var path = $"/identity/v3/users/{person.Id}/password";
        Assert.Equal(HttpStatusCode.Unauthorized, (await People.SendAsync(
            _host, person.Token, HttpMethod.Post, path, """{"user": {"original_password": "wrong", "password": "new-one"}}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await People.SendAsync(
            _host, person.Token, HttpMethod.Post, path, """{"user": {"original_password": "secret-w1", "password": "new-one"}}""")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(person.Token, "/v2.1/servers"));
        Assert.NotEmpty(await People.TokenAsync(_host, "w1", "new-one", "demo"));
    }

    [Fact]
    public async Task After_five_wrong_passwords_a_user_waits_and_others_do_not()
    {
        await People.AddAsync(_host, "x1", "demo", "member");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await People.SendAsync(_host, null, HttpMethod.Post, Tokens, People.LogIn("x1", "wrong", "demo"))).Status);
        }

        var (status, body, response) = await People.SendAsync(_host, null, HttpMethod.Post, Tokens, People.LogIn("x1", "secret-x1", "demo"));
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("Too Many Requests", (string)body!["error"]!["title"]!);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.NotEmpty(await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin"));
    }

    [Fact]
    public async Task Whatever_is_no_call_of_the_identity_service_is_not_found()
    {
        foreach (var path in new[] { "/identity/v2.0", "/identity/v3/no-such-thing", "/identity/v3/users/a/b/c", "/identity/v3/../v3/nothing" })
        {
            var (status, body, _) = await People.SendAsync(_host, _host.Token, HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Equal("Not Found", (string)body!["error"]!["title"]!);
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string token, string path) =>
        (await People.SendAsync(_host, token, HttpMethod.Get, path)).Status;

    // What another start would have.
    private IssuedTokens On(TimeProvider clock, int mostPerUser = 2000) => new(
        _host.Services.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>(), _host.Services.GetRequiredService<ApiSettings>(), clock)
    {
        MostPerUser = mostPerUser,
    };
}
