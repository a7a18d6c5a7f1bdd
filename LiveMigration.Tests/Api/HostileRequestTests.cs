using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>
/// Requests that mean no good, or come out of order: the right refusal, nothing told that is nobody's business, nothing
/// changed, and one line in the log.
/// </summary>
public sealed class HostileRequestTests(MemberHost member) : IClassFixture<MemberHost>
{
    private const string Own = "/v2.1/servers/" + MemberHost.Own;
    private const string Foreign = "/v2.1/servers/" + Scene.Slow;
    private const string Lock = """{"lock": null}""";
    private const string Move = """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Requests => new()
    {
        { "an oversized body", 413 },
        { "an oversized body in chunks", 413 },
        { "deep JSON", 400 },
        { "deep JSON where a value goes", 400 },
        { "XML", 415 },
        { "a form", 415 },
        { "broken UTF-8", 400 },
        { "no JSON", 400 },
        { "an ended token", 401 },
        { "a forged token", 401 },
        { "another header behind the token", 401 },
        { "no token", 401 },
        { "roles in headers", 403 },
        { "a role in the body", 400 },
        { "another project in the body", 400 },
        { "a role for oneself", 403 },
        { "a log-in to another project", 401 },
        { "another project's server", 404 },
        { "another project's server by a path that turns back", 404 },
        { "another project's server by another spelling", 404 },
        { "another project's migration", 404 },
        { "another project in the path", 400 },
        { "a path into the file system", 404 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Is_refused_changes_nothing_and_is_one_line(string what, int status)
    {
        using var request = await MakeAsync(what);
        var before = await StateAsync();

        using var answer = await member.Host.Anybody().SendAsync(request, Ct);

        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(status == (int)answer.StatusCode, $"{what}: {(int)answer.StatusCode} {text}");
        Assert.Equal(before, await StateAsync());
        foreach (var secret in new[] { member.Host.Token, member.Demo.Token, "   at ", "Exception", "slow1", "nv1", member.Host.StateFolder })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        // What is malformed may be found out when the rule has let it pass.
        var line = Assert.Single(Lines(answer.Headers.GetValues("x-openstack-request-id").Single()));
        Assert.Equal(status, line.GetProperty("status").GetInt32());
        Assert.True(line.GetProperty("decision").GetString() == "denied" || status == 400, line.GetRawText());
    }

    [Theory]
    [InlineData("X-Auth-Token: forged\r\n X-Role: admin")]
    [InlineData("X-Auth-Token: forged\nX-Role: admin")]
    [InlineData("X-Auth-Token: forged\rX-Role: admin")]
    [InlineData("X-Auth-Token: forged\0X-Role: admin")]
    [InlineData("X-Auth Token: forged")]
    [InlineData("Content-Length: 0\r\nContent-Length: 12")]
    public async Task A_header_with_another_inside_of_it_is_refused(string header)
    {
        var before = await StateAsync();
        using var client = new TcpClient();
        var address = member.Host.ClientOptions.BaseAddress;
        await client.ConnectAsync(address.Host, address.Port, Ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST {Own}/action HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n\r\n"), Ct);
        using var reader = new StreamReader(stream);

        var answer = await reader.ReadToEndAsync(Ct);

        Assert.Matches("^HTTP/1.1 40[01] ", answer);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Nothing_that_a_client_sends_becomes_a_header_of_the_answer()
    {
        foreach (var path in new[] { "/v2.1/servers/%0d%0aX-Evil:%20yes", Own + "/tags/a%0d%0aX-Evil:%20yes" })
        {
            var (_, _, response) = await People.SendAsync(
                member.Host, member.Demo.Token, HttpMethod.Put, path, "{}", ("OpenStack-API-Version", "compute 2.93"), ("X-OpenStack-Request-ID", "req-evil"));
            Assert.True((int)response.StatusCode is < 500, $"{path}: {response.StatusCode}");
            Assert.False(response.Headers.Contains("X-Evil"));
            Assert.DoesNotContain("evil", response.Headers.GetValues("x-openstack-request-id").Single(), StringComparison.Ordinal);
        }
    }

    private async Task<HttpRequestMessage> MakeAsync(string what) => what switch
    {
        "an oversized body" => Post(Own + "/action", Text("{\"lock\": {\"locked_reason\": \"" + new string('x', 300_000) + "\"}}")),
        "an oversized body in chunks" => InChunks(Post(Own + "/action", Text("{\"lock\": {\"locked_reason\": \"" + new string('x', 300_000) + "\"}}"))),
        "deep JSON" => Post(Own + "/action", Text(string.Concat(Enumerable.Repeat("{\"a\":", 5_000)))),
        "deep JSON where a value goes" => Post(Own + "/action", Text("{\"lock\": " + new string('[', 200) + new string(']', 200) + "}")),
        "XML" => Post(Own + "/action", Text("<lock/>", "application/xml")),
        "a form" => Post(Own + "/action", Text("lock=", "application/x-www-form-urlencoded")),
        "broken UTF-8" => Post(Own + "/action", Bytes([.. "{\"lock\": {\"locked_reason\": \""u8, 0xC3, 0x28, .. "\"}}"u8])),
        "no JSON" => Post(Own + "/action", Text("lock it")),
        "an ended token" => Post(Own + "/action", Text(Lock), await EndedTokenAsync()),
        "a forged token" => Post(Own + "/action", Text(Lock), "forged"),
        "another header behind the token" => With(Post(Own + "/action", Text(Lock), "forged"), ("X-Roles", "admin"), ("X-User-Id", "admin")),
        "no token" => Post(Own + "/action", Text(Lock), ""),
        "roles in headers" => With(Post(Own + "/action", Text(Move)), ("X-Roles", "admin"), ("X-Is-Admin-Project", "True"), ("X-Identity-Status", "Confirmed")),
        "a role in the body" => Post(Own + "/action", Text("""{"lock": {"roles": ["admin"], "is_admin": true}}""")),
        "another project in the body" => Post("/v2.1/servers", Text($$$"""{"server": {"name": "a", "flavorRef": "1", "imageRef": "x", "networks": "none", "tenant_id": "{{{ApiHost.Project}}}"}}""")),
        "a role for oneself" => Put($"/identity/v3/projects/{member.Demo.Project}/users/{member.Demo.Id}/roles/{await People.RoleAsync(member.Host, "admin")}"),
        "a log-in to another project" => Post("/identity/v3/auth/tokens", Text(People.LogIn("demo", "secret-demo", "admin")), ""),
        "another project's server" => Post(Foreign + "/action", Text(Lock)),
        "another project's server by a path that turns back" => Post($"{Own}/%2e%2e/{Scene.Slow}/action", Text(Lock)),
        "another project's server by another spelling" => Post($"/v2.1/servers/{Scene.Slow.ToUpperInvariant()}/action", Text(Lock)),
        "another project's migration" => Post(Foreign + "/migrations/35/action", Text("""{"force_complete": null}""")),
        "another project in the path" => Post($"/v2.1/{ApiHost.Project}/servers/{MemberHost.Own}/action", Text(Lock)),
        "a path into the file system" => Post("/v2.1/..%2f..%2f..%2fetc%2fpasswd", Text(Lock)),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such request"),
    };

    private HttpRequestMessage Post(string path, HttpContent content, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TryAddWithoutValidation("OpenStack-API-Version", "compute 2.93");
        if (token is not "")
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token ?? member.Demo.Token);
        }

        return request;
    }

    private HttpRequestMessage Put(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path);
        request.Headers.TryAddWithoutValidation("X-Auth-Token", member.Demo.Token);
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static HttpRequestMessage InChunks(HttpRequestMessage request)
    {
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private static StringContent Text(string body, string type = "application/json") => new(body, Encoding.UTF8, type);

    private static ByteArrayContent Bytes(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<string> EndedTokenAsync()
    {
        var token = await People.TokenAsync(member.Host, "demo", "secret-demo", "demo");
        var (status, _, _) = await People.SendAsync(member.Host, token, HttpMethod.Delete, "/identity/v3/auth/tokens", null, ("X-Subject-Token", token));
        Assert.Equal(HttpStatusCode.NoContent, status);
        return token;
    }

    private async Task<string> StateAsync()
    {
        await using var db = await member.Host.OpenDatabaseAsync();
        return JsonSerializer.Serialize(new
        {
            Instances = await db.Instances.AsNoTracking().OrderBy(row => row.Uuid).ToListAsync(Ct),
            Migrations = await db.Migrations.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Ct),
            Actions = await db.InstanceActions.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Ct),
            Users = await db.Users.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Ct),
            Roles = await db.RoleAssignments.AsNoTracking().OrderBy(row => row.UserId).ThenBy(row => row.RoleId).ToListAsync(Ct),
            Tokens = await db.IssuedTokens.CountAsync(Ct),
        });
    }

    // The line is written when the answer is on its way: a reader may be a moment early.
    private List<JsonElement> Lines(string request)
    {
        var log = Path.Combine(member.Host.StateFolder, "audit.log");
        List<JsonElement> found = [];
        SpinWait.SpinUntil(
            () => (found = [.. File.ReadAllLines(log).Select(line => JsonDocument.Parse(line).RootElement.Clone())
                .Where(line => line.GetProperty("request_id").GetString() == request)]).Count > 0,
            TimeSpan.FromSeconds(2));
        return found;
    }
}
