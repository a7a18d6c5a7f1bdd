using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LiveMigration.Bench.Fuzz;

/// <summary>What is there in the running program: ids and tokens, asked for anew from time to time, as requests make and remove things.</summary>
internal sealed partial class FuzzWorld : IDisposable
{
    private const string Password = "fuzz-password";
    private const string Nothing = "00000000-0000-0000-0000-000000000000";
    private const int LeastServers = 8;
    private const int SmallMiB = 512;

    private static readonly (string Name, string Path, string List, string Key)[] Lists =
    [
        ("servers", "/v2.1/servers?all_tenants=1", "servers", "id"),
        ("migrations", "/v2.1/os-migrations?limit=50", "migrations", "id"),
        ("migration-uuids", "/v2.1/os-migrations?limit=50", "migrations", "uuid"),
        ("flavors", "/v2.1/flavors?is_public=None", "flavors", "id"),
        ("images", "/image/v2/images", "images", "id"),
        ("os-services", "/v2.1/os-services", "services", "id"),
        ("hosts", "/v2.1/os-services", "services", "host"),
        ("os-hypervisors", "/v2.1/os-hypervisors", "hypervisors", "id"),
        ("os-aggregates", "/v2.1/os-aggregates", "aggregates", "id"),
        ("os-server-groups", "/v2.1/os-server-groups?all_projects=1", "server_groups", "id"),
        ("networks", "/network/v2.0/networks", "networks", "id"),
        ("subnets", "/network/v2.0/subnets", "subnets", "id"),
        ("ports", "/network/v2.0/ports", "ports", "id"),
        ("users", "/identity/v3/users", "users", "id"),
        ("projects", "/identity/v3/projects", "projects", "id"),
        ("roles", "/identity/v3/roles", "roles", "id"),
    ];

    private readonly HttpClient _client;
    private volatile IReadOnlyDictionary<string, string[]> _pools = new Dictionary<string, string[]>(StringComparer.Ordinal);
    private string _member = "none";

    private FuzzWorld(Uri address, string adminToken, string ended)
    {
        Admin = adminToken;
        Ended = ended;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    private string Admin { get; }

    private string Ended { get; set; }

    /// <summary>Looks around, and makes what is missing: a member of a project of its own, servers of both.</summary>
    /// <param name="address">The program.</param>
    /// <param name="adminToken">The admin's fixed token.</param>
    public static async Task<FuzzWorld> OpenAsync(Uri address, string adminToken, CancellationToken ct)
    {
        var world = new FuzzWorld(address, adminToken, "none");
        await world.RefreshAsync(ct);
        return world;
    }

    /// <summary>The API's own description.</summary>
    public Task<string> ReadDocumentAsync(CancellationToken ct) => _client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), ct);

    /// <summary>Asks what is there now.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (!await HoldsAsync(_member, ct))
        {
            await AddMemberAsync(ct);
        }

        var pools = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, path, list, key) in Lists)
        {
            pools[name] = Values(await AskAsync(HttpMethod.Get, path, Admin, null, ct), list, key);
        }

        pools["small-flavors"] = [.. (await AskAsync(HttpMethod.Get, "/v2.1/flavors/detail", Admin, null, ct))?["flavors"]?.AsArray()
            .Where(flavor => (int)flavor!["ram"]! <= SmallMiB).Select(flavor => (string)flavor!["id"]!) ?? []];
        pools["token-admin"] = [Admin];
        pools["token-member"] = [_member];
        pools["token-ended"] = [Ended];
        pools["os-instance-actions"] = await RequestsAsync(pools["servers"], ct);
        _pools = pools;
        await AddServersAsync(pools, ct);
    }

    /// <summary>A request with what its words stand for, as it is sent.</summary>
    public byte[] Resolve(FuzzRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Bytes.AsSpan().IndexOf("@{"u8) < 0)
        {
            return request.Bytes;
        }

        var pools = _pools;
        var text = Word().Replace(Encoding.Latin1.GetString(request.Bytes), match =>
        {
            var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            return pools.TryGetValue(match.Groups["name"].Value, out var pool) && pool.Length > 0 ? pool[number % pool.Length] : Nothing;
        });
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (!request.IsRaw && end >= 0)
        {
            var length = (text.Length - end - 4).ToString(CultureInfo.InvariantCulture);
            text = text[..end].Replace(FuzzWriter.LengthMark, length, StringComparison.Ordinal) + text[end..];
        }

        return Encoding.Latin1.GetBytes(text);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<bool> HoldsAsync(string token, CancellationToken ct) =>
        await AskAsync(HttpMethod.Get, "/v2.1/servers?limit=1", token, null, ct) is not null;

    private async Task AddMemberAsync(CancellationToken ct)
    {
        var role = Values(await AskAsync(HttpMethod.Get, "/identity/v3/roles?name=member", Admin, null, ct), "roles", "id").FirstOrDefault()
            ?? (string?)(await AskAsync(HttpMethod.Post, "/identity/v3/roles", Admin, """{"role": {"name": "member"}}""", ct))?["role"]?["id"];
        var name = $"fuzz-member-{TimeProvider.System.GetTimestamp().ToString(CultureInfo.InvariantCulture)}";
        var project = (string?)(await AskAsync(HttpMethod.Post, "/identity/v3/projects", Admin, $$$"""{"project": {"name": "{{{name}}}"}}""", ct))?["project"]?["id"];
        var user = (string?)(await AskAsync(
            HttpMethod.Post, "/identity/v3/users", Admin, $$$"""{"user": {"name": "{{{name}}}", "password": "{{{Password}}}"}}""", ct))?["user"]?["id"];
        await AskAsync(HttpMethod.Put, $"/identity/v3/projects/{project}/users/{user}/roles/{role}", Admin, null, ct);
        var body = $$$"""{"auth": {"identity": {"methods": ["password"], "password": {"user": {"id": "{{{user}}}", "password": "{{{Password}}}" } } }, "scope": {"project": {"id": "{{{project}}}"} } } }""";
        if (await LogInAsync(body, ct) is { } token)
        {
            _member = token;
        }

        if (await LogInAsync(body, ct) is { } second)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "/identity/v3/auth/tokens");
            request.Headers.Add("X-Auth-Token", second);
            request.Headers.Add("X-Subject-Token", second);
            using var answer = await _client.SendAsync(request, ct);
            Ended = second;
        }
    }

    private async Task<string?> LogInAsync(string body, CancellationToken ct)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri("/identity/v3/auth/tokens", UriKind.Relative), content, ct);
        return answer.Headers.TryGetValues("X-Subject-Token", out var tokens) ? tokens.Single() : null;
    }

    private async Task AddServersAsync(Dictionary<string, string[]> pools, CancellationToken ct)
    {
        if (pools["images"].Length == 0 || pools["small-flavors"].Length == 0 || pools["servers"].Length >= LeastServers)
        {
            return;
        }

        foreach (var token in new[] { Admin, _member })
        {
            var body = $$$"""{"server": {"name": "fuzz", "imageRef": "{{{pools["images"][0]}}}", "flavorRef": "{{{pools["small-flavors"][0]}}}", "networks": "auto", "max_count": 3}}""";
            await AskAsync(HttpMethod.Post, "/v2.1/servers", token, body, ct);
        }

        pools["servers"] = Values(await AskAsync(HttpMethod.Get, Lists[0].Path, Admin, null, ct), "servers", "id");
    }

    private async Task<string[]> RequestsAsync(string[] servers, CancellationToken ct)
    {
        var requests = new List<string>();
        foreach (var server in servers.Take(5))
        {
            requests.AddRange(Values(await AskAsync(HttpMethod.Get, $"/v2.1/servers/{server}/os-instance-actions", Admin, null, ct), "instanceActions", "request_id"));
        }

        return [.. requests];
    }

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, string token, string? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Auth-Token", token);
        if (!path.StartsWith("/identity", StringComparison.Ordinal))
        {
            request.Headers.Add("OpenStack-API-Version", "compute 2.93");
        }

        request.Content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
        using var answer = await _client.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text.Length > 0 ? text : "{}") : null;
    }

    private static string[] Values(JsonNode? body, string list, string key) =>
        [.. body?[list]?.AsArray().Select(item => item?[key]?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal) ?? []];

    [GeneratedRegex(@"@\{(?<name>[a-z0-9_-]+):(?<number>[0-9]{1,9})\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
