using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Replays what was recorded of a real Keystone.</summary>
public sealed class IdentityConformanceTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public static TheoryData<string> Cases => [.. GoldenCase.Names.Where(name => name.StartsWith("ident-", StringComparison.Ordinal))];

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await People.AddAsync(_host, "demo", "demo", "member");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_recorded(string name)
    {
        var golden = GoldenCase.Read(name);
        var issued = await People.TokenAsync(_host, "admin", People.AdminPassword(_host), "admin");
        using var request = golden.ToMessage(issued);
        request.RequestUri = new Uri("/identity" + ((string)golden.Request["path"]!).TrimEnd('/'), UriKind.Relative);
        if (golden.Request["body"] is { } body)
        {
            var text = body.ToJsonString().Replace("labpass", People.AdminPassword(_host), StringComparison.Ordinal);
            request.Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json");
        }

        if (name is "ident-023-token-revoke")
        {
            request.Headers.Remove("X-Subject-Token");
            request.Headers.Add("X-Subject-Token", await People.TokenAsync(_host, "demo", "secret-demo", "demo"));
        }

        using var response = await _host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(golden.Status, (int)response.StatusCode);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(pair => pair.Key, pair => string.Join(',', pair.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in golden.Response["headers"]!.AsObject())
        {
            Assert.Contains(key, headers);
            if (key is "Vary" or "Content-Type")
            {
                Assert.Equal((string)value!, headers[key]);
            }
        }

        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (golden.Response["body"] is not { } recorded)
        {
            Assert.Empty(answer);
        }
        else if (golden.Status >= 400)
        {
            var (left, right) = (recorded["error"]!, JsonNode.Parse(answer)!["error"]!);
            Assert.Equal((int)left["code"]!, (int)right["code"]!);
            Assert.Equal((string)left["title"]!, (string)right["title"]!);
            Assert.Equal(((string)left["message"]!).Split('\n')[0], (string)right["message"]!);
        }
        else
        {
            GoldenConformanceTests.CompareShape(recorded, JsonNode.Parse(answer), "$");
        }
    }

    [Fact]
    public async Task Every_service_that_clients_ask_for_is_in_the_catalog()
    {
        var (_, body, _) = await People.SendAsync(_host, _host.Token, HttpMethod.Get, "/identity/v3/auth/catalog");
        var services = body!["catalog"]!.AsArray();
        Assert.Equal(["compute", "identity", "image", "network"], services.Select(service => (string)service!["type"]!));
        Assert.All(services, service =>
            Assert.Equal(["admin", "internal", "public"], service!["endpoints"]!.AsArray().Select(face => (string)face!["interface"]!)));
        var compute = (string)services[0]!["endpoints"]![2]!["url"]!;
        Assert.Equal($"{_host.ClientOptions.BaseAddress}v2.1", compute);
    }

    [Fact]
    public async Task A_public_address_of_the_settings_is_what_clients_read()
    {
        await using var host = await ApiHost.StartAsync(settings: [("Api:PublicUrl", "https://cloud.example/"), ("Identity:Region", "Here")]);
        var (_, body, _) = await People.SendAsync(host, host.Token, HttpMethod.Get, "/identity/v3/auth/catalog");
        var endpoint = body!["catalog"]![1]!["endpoints"]![0]!;
        Assert.Equal(("https://cloud.example/identity/v3/", "Here"), ((string)endpoint["url"]!, (string)endpoint["region_id"]!));
        Assert.Contains("auth_url: \"https://cloud.example/identity/v3\"", await File.ReadAllTextAsync(
            Path.Combine(host.StateFolder, "clouds.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var (status, _, response) = await People.SendAsync(host, null, HttpMethod.Get, "/v2.1/servers");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("Keystone uri=\"https://cloud.example/identity/\"", response.Headers.WwwAuthenticate.ToString());
    }
}
