using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LiveMigration.Lab;

/// <summary>A client of the controller's API, as far as moving guests needs one.</summary>
public sealed class NovaClient : IDisposable
{
    private const string Version = "2.93";
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient _http;

    private NovaClient(HttpClient http) => _http = http;

    /// <summary>A client with the admin's token.</summary>
    /// <param name="address">The controller's address.</param>
    /// <param name="tokenFile">The file that the controller has written its token to.</param>
    public static async Task<NovaClient> OpenAsync(Uri address, string tokenFile, CancellationToken cancellationToken)
    {
        var token = (await File.ReadAllTextAsync(tokenFile, cancellationToken)).Trim();
        var http = new HttpClient(new EarlyDeaths()) { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Auth-Token", token);
        http.DefaultRequestHeaders.Add("OpenStack-API-Version", $"compute {Version}");
        return new NovaClient(http);
    }

    /// <summary>A guest as the API knows it; <see langword="null"/> when it does not.</summary>
    public async Task<ServerView?> FindServerAsync(Guid guest, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(Path($"/v2.1/servers/{guest}"), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var server = (await BodyAsync(answer, cancellationToken)).GetProperty("server");
        return new ServerView(
            server.GetProperty("status").GetString()!,
            server.GetProperty("OS-EXT-SRV-ATTR:host").GetString(),
            server.GetProperty("OS-EXT-STS:task_state").GetString(),
            server.TryGetProperty("progress", out var progress) ? progress.GetInt32() : null);
    }

    /// <summary>The state (<c>up</c>, <c>down</c>) of each host's compute service.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ServicesAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(Path("/v2.1/os-services"), cancellationToken);
        return (await BodyAsync(answer, cancellationToken)).GetProperty("services").EnumerateArray().ToDictionary(
            service => service.GetProperty("host").GetString()!,
            service => service.GetProperty("state").GetString()!,
            StringComparer.Ordinal);
    }

    /// <summary>Asks for a move, whatever the answer.</summary>
    public async Task<MoveAnswer> RequestMoveAsync(Guid guest, string? host, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["os-migrateLive"] = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["host"] = host,
                ["block_migration"] = "auto",
            },
        };
        using var answer = await _http.PostAsJsonAsync(Path($"/v2.1/servers/{guest}/action"), body, cancellationToken);
        return new MoveAnswer(
            answer.StatusCode,
            answer.Headers.GetValues("x-openstack-request-id").Single(),
            await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Asks for a move and returns its migration; fails unless it is accepted.</summary>
    public async Task<MigrationView> MoveAsync(Guid guest, string? host, CancellationToken cancellationToken)
    {
        var answer = await RequestMoveAsync(guest, host, cancellationToken);
        if (answer.Status != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"the move was refused ({(int)answer.Status}): {answer.Body}");
        }

        foreach (var id in await MigrationsOfAsync(guest, cancellationToken))
        {
            var migration = await ShowMigrationAsync(id, cancellationToken);
            if (string.Equals(migration.RequestId, answer.RequestId, StringComparison.Ordinal))
            {
                return migration;
            }
        }

        throw new InvalidOperationException($"there is no migration of request {answer.RequestId}");
    }

    /// <summary>Asks for a move by our own API, with options for this one transfer; fails unless it is accepted.</summary>
    /// <param name="options">Under the API's names, <c>native_tls</c>.</param>
    public async Task<MigrationView> MoveAsync(
        Guid guest, string? host, IReadOnlyDictionary<string, object> options, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["host"] = host, ["options"] = options };
        using var answer = await _http.PostAsJsonAsync(Path($"/v1/servers/{guest}/migrations"), body, cancellationToken);
        return (await BodyAsync(answer, cancellationToken)).GetProperty("migration").Deserialize<MigrationView>(_json)!;
    }

    /// <summary>Brings a running migration to its end.</summary>
    public async Task<HttpStatusCode> ForceCompleteAsync(Guid guest, int id, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(
            Path($"/v2.1/servers/{guest}/migrations/{id.ToString(CultureInfo.InvariantCulture)}/action"),
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["force_complete"] = null },
            cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The ids of a guest's migrations, the youngest first.</summary>
    public async Task<IReadOnlyList<int>> MigrationsOfAsync(Guid guest, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(Path($"/v2.1/os-migrations?instance_uuid={guest}"), cancellationToken);
        return
        [
            .. (await BodyAsync(answer, cancellationToken)).GetProperty("migrations").EnumerateArray()
                .Select(migration => migration.GetProperty("id").GetInt32()),
        ];
    }

    /// <summary>A migration with all that is known of it.</summary>
    public async Task<MigrationView> ShowMigrationAsync(int id, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(
            Path($"/v1/migrations/{id.ToString(CultureInfo.InvariantCulture)}"), cancellationToken);
        return (await BodyAsync(answer, cancellationToken)).GetProperty("migration").Deserialize<MigrationView>(_json)!;
    }

    /// <summary>Waits until a migration has ended, well or not.</summary>
    /// <param name="look">Is shown what every look found.</param>
    public async Task<MigrationView> WaitForEndAsync(
        int id,
        TimeSpan interval,
        TimeProvider time,
        CancellationToken cancellationToken,
        Action<MigrationView>? look = null)
    {
        while (true)
        {
            var migration = await ShowMigrationAsync(id, cancellationToken);
            look?.Invoke(migration);
            if (migration.HasEnded)
            {
                return migration;
            }

            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <summary>Takes a migration back.</summary>
    public async Task<HttpStatusCode> AbortAsync(Guid guest, int id, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(
            Path($"/v2.1/servers/{guest}/migrations/{id.ToString(CultureInfo.InvariantCulture)}"), cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The events of a request's action, the youngest first.</summary>
    public async Task<IReadOnlyList<ActionEventView>> EventsAsync(
        Guid guest, string requestId, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(
            Path($"/v2.1/servers/{guest}/os-instance-actions/{requestId}"), cancellationToken);
        return (await BodyAsync(answer, cancellationToken)).GetProperty("instanceAction").GetProperty("events")
            .Deserialize<List<ActionEventView>>(_json)!;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.PathAndQuery} was answered by {(int)answer.StatusCode}: {text}");
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
