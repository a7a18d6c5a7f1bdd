using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Whatever comes in, the answer is never a fault of ours.</summary>
public sealed class BadInputTests(MovingHost moving) : IClassFixture<MovingHost>
{
    private readonly ApiHost _host = moving.Host;

    public static TheoryData<string, string> Bodies => new()
    {
        { "empty", "" },
        { "open brace", "{" },
        { "text", "migrate it" },
        { "number", "12" },
        { "null", "null" },
        { "deep", string.Concat(Enumerable.Repeat("{\"a\":", 5000)) },
        { "deep list", "{\"os-migrateLive\": " + new string('[', 900) + new string(']', 900) + "}" },
        { "comment", "{\"os-migrateLive\": null /* now */}" },
        { "lone surrogate", "{\"os-migrateLive\": {\"host\": \"\\ud800\", \"block_migration\": \"auto\"}}" },
        { "lone surrogate in a key", "{\"\\udc00\": 1}" },
        { "zero character", "{\"os-migrateLive\": {\"host\": \"\\u0000\", \"block_migration\": \"auto\"}}" },
        { "huge number", "{\"os-migrateLive\": {\"host\": 1e99999, \"block_migration\": \"auto\"}}" },
        { "number", "{\"os-migrateLive\": 1}" },
        { "list", "{\"os-migrateLive\": []}" },
        { "two keys", "{\"os-migrateLive\": null, \"lock\": null}" },
        { "unknown", "{\"self-destruct\": null}" },
        { "force", "{\"force_complete\": 0}" },
        { "wrong types", "{\"os-migrateLive\": {\"host\": {}, \"block_migration\": [], \"disk_over_commit\": 1.5}}" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_the_callers_fault(string what, string body)
    {
        foreach (var version in new[] { "2.1", "2.30", "2.93" })
        {
            foreach (var path in new[]
            {
                $"/v2.1/servers/{Scene.Slow}/action", $"/v2.1/servers/{Scene.Slow}/migrations/35/action", $"/v2/servers/{Scene.Slow}/action",
            })
            {
                using var response = await SendAsync(HttpMethod.Post, path, version, Encoding.UTF8.GetBytes(body));
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True((int)response.StatusCode is >= 400 and < 500, $"{what}: {version} {path} → {response.StatusCode} {text}");
            }
        }

        using var put = await SendAsync(HttpMethod.Put, $"/v2.1/os-services/{Scene.Nv1Service}", "2.93", Encoding.UTF8.GetBytes(body));
        Assert.True((int)put.StatusCode is >= 400 and < 500, $"{what}: PUT → {put.StatusCode}");
    }

    [Fact]
    public async Task Broken_utf8_is_a_malformed_body()
    {
        byte[] body = [.. "{\"os-migrateLive\": {\"host\": \""u8, 0xC3, 0x28, 0xFF, .. "\", \"block_migration\": \"auto\"}}"u8];
        using var response = await SendAsync(HttpMethod.Post, $"/v2.1/servers/{Scene.Idle}/action", "2.93", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Malformed request body", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_huge_body_is_too_large(bool chunked)
    {
        var body = Encoding.UTF8.GetBytes("{\"os-migrateLive\": \"" + new string('x', 300_000) + "\"}");
        using var response = await SendAsync(HttpMethod.Post, $"/v2.1/servers/{Scene.Idle}/action", "2.93", body, chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("overLimit", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2.1/servers/{Scene.Idle}/action");
        request.Content = new StringContent("<migrate/>", Encoding.UTF8, "application/xml");
        using var response = await _host.Operator("2.93").SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("badMediaType", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2.1/servers?limit=99999999999999999999")]
    [InlineData("/v2.1/servers?limit=")]
    [InlineData("/v2.1/servers?name=(((")]
    [InlineData("/v2.1/servers?name=(a%2B)%2B%24")]
    [InlineData("/v2.1/servers?name=(?%3Da)b%5C1")]
    [InlineData("/v2.1/servers?name=%00")]
    [InlineData("/v2.1/servers?uuid=x&vm_state=y&power_state=z&task_state=q")]
    [InlineData("/v2.1/servers?power_state=99999999999")]
    [InlineData("/v2.1/servers?changes-since=9999-99-99")]
    [InlineData("/v2.1/servers?changes-since=0000")]
    [InlineData("/v2.1/servers?status=nonsense")]
    [InlineData("/v2.1/servers/%2e%2e/%2e%2e")]
    [InlineData("/v2.1/servers/%ff")]
    [InlineData("/v2.1/servers/%00")]
    [InlineData("/v2.1//servers")]
    [InlineData("/v2.1/servers/x/migrations/-1")]
    [InlineData("/v2.1/os-migrations?limit=0")]
    [InlineData("/v2.1/os-migrations?instance_uuid=x&status=&host=&marker=")]
    [InlineData("/v2.1/os-hypervisors?hypervisor_hostname_pattern=%25_")]
    [InlineData("/v2.1/os-hypervisors?hypervisor_hostname_pattern=")]
    [InlineData("/v2.1/os-hypervisors?marker=x")]
    [InlineData("/v2.1/os-hypervisors/99999999999999")]
    [InlineData("/v2.1/os-services?host=%27%3B--")]
    [InlineData("/v1/migrations/99999999999999")]
    [InlineData("/v1/")]
    [InlineData("/v2.1/abc-def/servers")]
    public async Task A_bad_query_or_path_is_never_our_fault(string path)
    {
        foreach (var version in new[] { "2.1", "2.53", "2.93" })
        {
            using var response = await _host.Operator(version).GetAsync(path, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode < 500, $"{version} {path} → {response.StatusCode} {text}");
        }
    }

    [Theory]
    [InlineData("compute")]
    [InlineData("compute 2")]
    [InlineData("compute 2.1.1")]
    [InlineData("compute -2.1")]
    [InlineData("compute 2.01")]
    [InlineData("compute 99999999999.1")]
    [InlineData("compute 2.99999999999")]
    [InlineData(",,,")]
    [InlineData("2.93")]
    public async Task A_bad_version_is_the_callers_fault(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2.1/servers");
        request.Headers.TryAddWithoutValidation("OpenStack-API-Version", header);
        request.Headers.TryAddWithoutValidation("X-Auth-Token", _host.Token);
        using var response = await _host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode < 500, $"{header} → {response.StatusCode}");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v2.1/servers HTTP/1.1\r\nHost: x y z\r\n\r\n")]
    [InlineData("GET /v2.1/servers HTTP/9.9\r\nHost: a\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("POST /v2.1/servers/x/action HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("POST /v2.1/servers/x/action HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Bytes_that_are_no_http_are_refused_or_cut_off(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.ClientOptions.BaseAddress.Host, _host.ClientOptions.BaseAddress.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ffffffffffffffff")]
    [InlineData("80000000")]
    [InlineData("zz")]
    [InlineData("-1")]
    [InlineData("")]
    public async Task A_chunk_of_a_size_that_is_none_is_the_callers_fault(string size)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.ClientOptions.BaseAddress.Host, _host.ClientOptions.BaseAddress.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var request = $"POST /v2.1/servers/{Scene.Idle}/action HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Auth-Token: {_host.Token}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string version, byte[] body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = chunked;
        return await _host.Operator(version).SendAsync(request, TestContext.Current.CancellationToken);
    }
}
