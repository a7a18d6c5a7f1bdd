using System.Net;
using System.Text.Json;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Who gets in, and what the others read.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Token_and_password_are_made_for_their_owner_only()
    {
        foreach (var file in new[] { "admin-token", "dashboard-password" })
        {
            var path = Path.Combine(_host.StateFolder, file);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(43, File.ReadAllText(path).Trim().Length);
        }

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_host.StateFolder));
    }

    [Theory]
    [InlineData("/v2.1/servers")]
    [InlineData("/v2.1/no-such-thing")]
    [InlineData("/v2/servers")]
    [InlineData("/v1/migrations/1")]
    [InlineData("/v1/cleanups")]
    [InlineData("/v1/alerts")]
    public async Task Without_the_token_everything_is_401(string path)
    {
        foreach (var token in new[] { null, "", "wrong", _host.Token + "x", _host.Token[..^1] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (token is not null)
            {
                request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
            }

            using var response = await _host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.StartsWith("Keystone uri=\"http", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("OpenStack-API-Version"));
        }
    }

    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/jobs/succeeded")]
    public async Task The_dashboard_sends_a_browser_to_the_log_in_and_refuses_others(string path)
    {
        using var browser = new HttpRequestMessage(HttpMethod.Get, path);
        browser.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var redirect = await _host.Anybody().SendAsync(browser, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        Assert.Equal("/login", redirect.Headers.Location!.ToString());

        using var refused = await _host.Anybody().GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_dashboard_opens_by_token_and_by_password_and_closes_at_log_out()
    {
        using var byToken = await _host.Operator().GetAsync("/hangfire", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, byToken.StatusCode);

        using var logIn = await LogInAsync("admin", _host.Password);
        Assert.Equal(HttpStatusCode.Redirect, logIn.StatusCode);
        var cookie = logIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(HttpMethod.Get, "/hangfire", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(HttpMethod.Get, "/v2.1/servers", cookie));
        Assert.Equal(HttpStatusCode.Redirect, await WithCookieAsync(HttpMethod.Post, "/logout", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(HttpMethod.Get, "/hangfire", cookie));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_sixth_attempt_in_a_minute_is_throttled()
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await LogInAsync("admin", "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.False(wrong.Headers.Contains("Set-Cookie"));
        }

        using var throttled = await LogInAsync("admin", _host.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = Form("admin", _host.Password) };
        request.Headers.Add("Origin", "http://evil.example");
        using var response = await _host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--y\r\nnothing of it")]
    [InlineData("multipart/form-data", "--x")]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded; charset=nothing", "user=admin")]
    public async Task A_form_that_is_none_is_the_callers_fault(string type, string body)
    {
        using var form = new StringContent(body);
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", type);
        await using var host = await ApiHost.StartAsync();
        using var response = await host.Anybody().PostAsync("/login", form, TestContext.Current.CancellationToken);
        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Fact]
    public async Task The_log_in_page_needs_nothing_from_elsewhere()
    {
        var page = await _host.Anybody().GetStringAsync("/login", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\" action=\"/login\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_of_the_api_is_valid_and_names_every_endpoint()
    {
        var text = await _host.Anybody().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()).ToList();
        Assert.All(operations, operation =>
        {
            Assert.True(operation.Value.TryGetProperty("operationId", out _));
            Assert.True(operation.Value.TryGetProperty("summary", out _));
            Assert.NotEmpty(operation.Value.GetProperty("tags").EnumerateArray());
        });
        Assert.Equal(EndpointNames().Order(StringComparer.Ordinal), operations
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/identity/v3/auth/tokens", "post", "201")]
    [InlineData("/identity/v3/users", "get", "200")]
    [InlineData("/v2.1/servers", "post", "202")]
    public async Task The_description_has_examples_of_what_is_sent_and_answered(string path, string method, string status)
    {
        var text = await _host.Anybody().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        var operation = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method);
        Assert.Equal(method == "post", operation.TryGetProperty("requestBody", out var body) && Example(body).ValueKind == JsonValueKind.Object);
        Assert.Equal(JsonValueKind.Object, Example(operation.GetProperty("responses").GetProperty(status)).ValueKind);

        static JsonElement Example(JsonElement part) => part.GetProperty("content").GetProperty("application/json").GetProperty("example");
    }

    [Fact]
    public async Task Whether_the_program_answers_is_said_to_everybody_and_nothing_else_is()
    {
        using var answer = await _host.Anybody().GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_page_of_the_description_loads_nothing_from_elsewhere()
    {
        var page = await _host.Anybody().GetStringAsync("/docs/", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("https://cdn", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://fonts", page, StringComparison.Ordinal);
    }

    private IEnumerable<string> EndpointNames() =>
        from source in Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
            .GetServices<Microsoft.AspNetCore.Routing.EndpointDataSource>(_host.Services)
        from endpoint in source.Endpoints
        let route = endpoint as Microsoft.AspNetCore.Routing.RouteEndpoint
        where route?.RoutePattern.RawText is { } path && (path.StartsWith("/v", StringComparison.Ordinal)
            || path.StartsWith("/identity", StringComparison.Ordinal) || path.StartsWith("/image", StringComparison.Ordinal)
            || path.StartsWith("/network", StringComparison.Ordinal) || path is "/" or "/healthz")
        select endpoint.Metadata.OfType<Microsoft.AspNetCore.Routing.IEndpointNameMetadata>().Single().EndpointName;

    private static FormUrlEncodedContent Form(string user, string password) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = user, ["password"] = password });

    private async Task<HttpResponseMessage> LogInAsync(string user, string password)
    {
        using var content = Form(user, password);
        return await _host.Anybody().PostAsync("/login", content, TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> WithCookieAsync(HttpMethod method, string path, string cookie)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var response = await _host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
