using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary>Asks another Keystone about tokens, logged in as a user of ours there.</summary>
internal sealed class KeystoneClient : IDisposable
{
    private readonly KeystoneSettings _settings;
    private readonly string _password;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _logIn = new(1);
    private volatile Session? _session;

    public KeystoneClient(KeystoneSettings settings, string password, TimeProvider time)
    {
        (_settings, _password, _time) = (settings, password, time);
        _client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = 1024 * 1024,
        };
    }

    /// <summary>What a token says; null when Keystone does not know it.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    /// <exception cref="KeystoneRefused">It does not let us ask, or answers something else.</exception>
    public async Task<TokenGrant?> ShowTokenAsync(string token, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var session = await SessionAsync(ct);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_settings.Url}/auth/tokens?nocatalog"));
            request.Headers.TryAddWithoutValidation(Callers.Header, session.Token);
            if (!request.Headers.TryAddWithoutValidation(CreateToken.SubjectHeader, token))
            {
                return null;
            }

            using var response = await _client.SendAsync(request, ct);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    return Read(await response.Content.ReadAsStringAsync(ct));
                case HttpStatusCode.NotFound:
                    return null;
                // Our own token has ended, or was taken back: once more with a new one.
                case HttpStatusCode.Unauthorized when attempt == 1:
                    Interlocked.CompareExchange(ref _session, null, session);
                    continue;
                default:
                    throw new KeystoneRefused($"it answers {(int)response.StatusCode} when it is asked about a token");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _logIn.Dispose();
    }

    private async Task<Session> SessionAsync(CancellationToken ct)
    {
        if (_session is { } open && open.Ends > _time.GetUtcNow())
        {
            return open;
        }

        await _logIn.WaitAsync(ct);
        try
        {
            return _session is { } opened && opened.Ends > _time.GetUtcNow() ? opened : _session = await LogInAsync(ct);
        }
        finally
        {
            _logIn.Release();
        }
    }

    private async Task<Session> LogInAsync(CancellationToken ct)
    {
        var domain = new JsonObject { ["id"] = RoleAssignment.Domain };
        var body = new JsonObject
        {
            ["auth"] = new JsonObject
            {
                ["identity"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["password"] = new JsonObject
                    {
                        ["user"] = new JsonObject { ["name"] = _settings.User, ["domain"] = domain, ["password"] = _password },
                    },
                },
                ["scope"] = new JsonObject
                {
                    ["project"] = new JsonObject { ["name"] = _settings.Project, ["domain"] = domain.DeepClone() },
                },
            },
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri($"{_settings.Url}/auth/tokens"), content, ct);
        if (response.StatusCode != HttpStatusCode.Created || !response.Headers.TryGetValues(CreateToken.SubjectHeader, out var tokens))
        {
            throw new KeystoneRefused($"it answers {(int)response.StatusCode} to the log-in of {_settings.User} in {_settings.Project}");
        }

        var ends = Read(await response.Content.ReadAsStringAsync(ct)).ExpiresAt;
        return new Session(tokens.Single(), new DateTimeOffset(ends, TimeSpan.Zero) - TimeSpan.FromSeconds(30));
    }

    private static TokenGrant Read(string text)
    {
        try
        {
            var token = JsonNode.Parse(text)!["token"]!;
            return new TokenGrant(
                (string)token["user"]!["id"]!,
                token["project"] is { } project ? (string)project["id"]! : token["domain"] is null ? null : RoleAssignment.Domain,
                [.. token["roles"]?.AsArray().Select(role => ((string)role!["name"]!).ToLowerInvariant()) ?? []],
                string.Join(',', token["methods"]?.AsArray().Select(method => (string)method!) ?? []),
                string.Join(',', token["audit_ids"]?.AsArray().Select(id => (string)id!) ?? []),
                Time((string?)token["issued_at"]) ?? default,
                Time((string?)token["expires_at"]) ?? throw new KeystoneRefused("its answer does not say when the token ends"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new KeystoneRefused("its answer is no token");
        }
    }

    private static DateTime? Time(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;

    private sealed record Session(string Token, DateTimeOffset Ends);
}

/// <summary>A Keystone that answers, but not what was asked.</summary>
internal sealed class KeystoneRefused(string message) : Exception(message);
