using System.Net;
using System.Text.Json.Nodes;
using LiveMigration.Api.Auth;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Another Keystone instead of the built-in service: here the one of a second program.</summary>
public sealed class KeystoneTests : IAsyncLifetime
{
    private readonly string _password = Path.GetTempFileName();
    private ApiHost _keystone = null!;
    private ApiHost _host = null!;
    private Person _demo = null!;

    public async ValueTask InitializeAsync()
    {
        _keystone = await ApiHost.StartAsync();
        await People.AddAsync(_keystone, "nova", "service", "service");
        _demo = await People.AddAsync(_keystone, "demo", "demo", "member");
        await File.WriteAllTextAsync(_password, "secret-nova", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _host = await StartAsync($"{_keystone.ClientOptions.BaseAddress}identity/v3");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _keystone.DisposeAsync();
        File.Delete(_password);
    }

    [Fact]
    public async Task Its_tokens_hold_with_their_project_and_roles_and_others_do_not()
    {
        var admin = await People.TokenAsync(_keystone, "admin", People.AdminPassword(_keystone), "admin");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(admin, "/v2.1/os-services"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_demo.Token, "/v2.1/servers"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_demo.Token, $"/v2.1/{_demo.Project}/servers"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_demo.Token, "/v2.1/os-services"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_host.Token, "/v2.1/os-services"));
        foreach (var wrong in new[] { "forged", "", new string('x', 4000), "a b", "x\ty" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(wrong, "/v2.1/servers"));
        }
    }

    [Fact]
    public async Task The_built_in_service_is_not_there_and_clients_are_told_where_to_go()
    {
        var (status, _, _) = await People.SendAsync(_host, _host.Token, HttpMethod.Get, "/identity/v3");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.False(File.Exists(Path.Combine(_host.StateFolder, "clouds.yaml")));
        var (_, _, response) = await People.SendAsync(_host, null, HttpMethod.Get, "/v2.1/servers");
        Assert.Equal($"Keystone uri=\"{_keystone.ClientOptions.BaseAddress}identity/v3/\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_service_token_that_is_taken_back_is_got_again()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_demo.Token, "/v2.1/servers"));
        var (_, users, _) = await People.SendAsync(_keystone, _keystone.Token, HttpMethod.Get, "/identity/v3/users?name=nova");
        await People.SendAsync(
            _keystone, _keystone.Token, HttpMethod.Patch, "/identity/v3/users/" + (string)users!["users"]![0]!["id"]!,
            new JsonObject { ["user"] = new JsonObject { ["password"] = "secret-nova" } }.ToJsonString());
        var other = await People.AddAsync(_keystone, "other", "demo", "member");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other.Token, "/v2.1/servers"));
    }

    [Fact]
    public async Task A_Keystone_that_is_silent_or_lets_us_not_ask_is_503_and_the_fixed_token_holds()
    {
        foreach (var url in new[] { "http://127.0.0.1:1/v3", $"{_keystone.ClientOptions.BaseAddress}v2.1" })
        {
            await using var host = await StartAsync(url);
            var (status, body, _) = await People.SendAsync(host, _demo.Token, HttpMethod.Get, "/v2.1/servers");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.DoesNotContain("secret-nova", body!.ToJsonString(), StringComparison.Ordinal);
            var (kept, _, _) = await People.SendAsync(host, host.Token, HttpMethod.Get, "/v2.1/servers");
            Assert.Equal(HttpStatusCode.OK, kept);
        }
    }

    [Fact]
    public void A_password_that_others_may_read_is_refused() => Assert.Throws<InvalidSettings>(
        () => SecretFile.ReadText("Identity:KeystonePasswordFile", "/etc/passwd"));

    private Task<ApiHost> StartAsync(string url) => ApiHost.StartAsync(
        Scene.Quiet, settings: [("Identity:KeystoneUrl", url), ("Identity:KeystonePasswordFile", _password)]);

    private async Task<HttpStatusCode> StatusAsync(string token, string path) =>
        (await People.SendAsync(_host, token, HttpMethod.Get, path)).Status;
}
