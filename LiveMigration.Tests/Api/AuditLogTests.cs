using System.Net;
using System.Text.Json;
using LiveMigration.Api.Audit;
using LiveMigration.Api.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Who was let change something, and who was not, is written down; and nothing that is nobody's business.</summary>
public sealed class AuditLogTests(MemberHost member) : IClassFixture<MemberHost>
{
    [Fact]
    public async Task What_is_allowed_and_what_is_denied_is_a_line_each()
    {
        const string path = "/v2.1/servers/" + MemberHost.Own + "/action";
        var allowed = await RequestAsync(member.Demo.Token, HttpMethod.Post, path, """{"lock": {"locked_reason": "the-reason"}}""");
        var line = Assert.Single(Lines(allowed));
        Assert.Equal("allowed", line.GetProperty("decision").GetString());
        Assert.Equal(202, line.GetProperty("status").GetInt32());
        Assert.Equal("os_compute_api:os-lock-server:lock", line.GetProperty("rule").GetString());
        Assert.Equal(member.Demo.Id, line.GetProperty("user").GetString());
        Assert.Equal(member.Demo.Project, line.GetProperty("project").GetString());
        Assert.Equal(["member", "reader"], line.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!));
        Assert.Equal(member.Demo.Project, line.GetProperty("target").GetProperty("project").GetString());
        Assert.DoesNotContain("the-reason", line.GetRawText(), StringComparison.Ordinal);

        var denied = await RequestAsync(
            member.Demo.Token, HttpMethod.Post, path, """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""");
        Assert.Equal(("denied", 403), Outcome(Assert.Single(Lines(denied))));
    }

    [Fact]
    public async Task A_forged_token_a_wrong_password_and_a_foreign_server_are_a_line_each_and_reading_is_none()
    {
        var forged = await RequestAsync("forged-token-text", HttpMethod.Delete, "/v2.1/servers/" + Scene.Slow + "/migrations/35");
        Assert.Equal(("denied", 401), Outcome(Assert.Single(Lines(forged))));
        var foreign = await RequestAsync(member.Demo.Token, HttpMethod.Delete, "/v2.1/servers/" + Scene.Slow + "/migrations/35");
        Assert.Equal(("denied", 404), Outcome(Assert.Single(Lines(foreign))));
        var login = await RequestAsync(null, HttpMethod.Post, "/identity/v3/auth/tokens", People.LogIn("nobody\n\u2028\"x", "the-wrong-password", null));
        var line = Assert.Single(Lines(login));
        Assert.Equal(("denied", 401), Outcome(line));
        Assert.Equal("nobody\n\u2028\"x", line.GetProperty("claimed_user").GetString());
        Assert.Empty(Lines(await RequestAsync(member.Demo.Token, HttpMethod.Get, "/v2.1/servers")));

        var text = await File.ReadAllTextAsync(Log, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("forged-token-text", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-wrong-password", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-demo", text, StringComparison.Ordinal);
        Assert.DoesNotContain(member.Demo.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_a_path_or_a_name_makes_a_line_of_its_own()
    {
        var odd = await RequestAsync(member.Demo.Token, HttpMethod.Post, "/v2.1/servers/%0a%7b%22decision%22%3a%22allowed%22%7d%0d%0a/action", "{}");
        Assert.Single(Lines(odd));
        var long1 = await RequestAsync(member.Demo.Token, HttpMethod.Post, "/v2.1/" + string.Concat(Enumerable.Repeat("%F0%9F%98%80", 300)), "{}");
        Assert.InRange(Assert.Single(Lines(long1)).GetRawText().Length, 100, 3000);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_file_is_its_owners_and_full_ones_are_put_aside_to_a_bound()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
        var folder = Directory.CreateTempSubdirectory("livemigration-test-");
        var settings = member.Host.Services.GetRequiredService<ApiSettings>() with
        {
            Audit = new AuditSettings(Path.Combine(folder.FullName, "audit.log"), 1000, 3),
        };
        using (var file = new AuditFile(settings, NullLogger<AuditFile>.Instance))
        {
            for (var line = 0; line < 100; line++)
            {
                file.Append(new byte[99]);
            }
        }

        Assert.Equal(["audit.log", "audit.log.1", "audit.log.2"], folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.All(folder.EnumerateFiles(), file => Assert.InRange(file.Length, 1, 1000));
        folder.Delete(recursive: true);
    }

    private string Log => Path.Combine(member.Host.StateFolder, "audit.log");

    private static (string Decision, int Status) Outcome(JsonElement line) =>
        (line.GetProperty("decision").GetString()!, line.GetProperty("status").GetInt32());

    private async Task<string> RequestAsync(string? token, HttpMethod method, string path, string? body = null)
    {
        var (status, _, response) = await People.SendAsync(member.Host, token, method, path, body, ("OpenStack-API-Version", "compute 2.93"));
        Assert.NotEqual(HttpStatusCode.InternalServerError, status);
        return response.Headers.GetValues("x-openstack-request-id").Single();
    }

    // The line is written when the answer is on its way: a reader may be a moment early.
    private List<JsonElement> Lines(string request)
    {
        List<JsonElement> found = [];
        SpinWait.SpinUntil(
            () => (found = [.. File.ReadAllLines(Log).Select(line => JsonDocument.Parse(line).RootElement.Clone())
                .Where(line => line.GetProperty("request_id").GetString() == request)]).Count > 0,
            TimeSpan.FromSeconds(1));
        return found;
    }
}
