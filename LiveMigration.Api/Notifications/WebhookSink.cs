using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Notifications;

/// <summary>
/// Posts each notification to a URL. The receiver proves where it is from and when it was sent: HMAC-SHA256 with the
/// shared secret over the time, a dot and the body. Only a 2xx counts as taken; redirects are not followed.
/// </summary>
internal sealed class WebhookSink : INotificationSink, IDisposable
{
    /// <summary>Header: seconds since 1970 at which the request was signed.</summary>
    public const string TimestampHeader = "X-LiveMigration-Timestamp";

    /// <summary>Header: <c>sha256=</c> and the signature in hexadecimal.</summary>
    public const string SignatureHeader = "X-LiveMigration-Signature";

    private readonly WebhookSettings _settings;
    private readonly byte[] _secret;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookSink(WebhookSettings settings, string secret, TimeProvider time)
    {
        (_settings, _secret, _time) = (settings, Encoding.UTF8.GetBytes(secret), time);
        _client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        // Each request brings its own limit, on the given clock.
        _client.Timeout = Timeout.InfiniteTimeSpan;
    }

    public string Name => "webhook";

    /// <summary>The signature of a body that is sent at a time.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string timestamp, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

    public async Task SendAsync(NotificationMessage message, CancellationToken ct)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url);
        request.Content = new StringContent(message.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Sign(_secret, timestamp, message.Body));
        request.Headers.Add("X-LiveMigration-Event", message.EventType);
        request.Headers.Add("X-LiveMigration-Message-Id", message.MessageId.ToString());

        using var patience = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"{_settings.Url.Authority} answered {(int)response.StatusCode}");
            }
        }
        catch (OperationCanceledException given) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{_settings.Url.Authority} did not answer within {_settings.Timeout.TotalSeconds} s", given);
        }
    }

    public void Dispose() => _client.Dispose();
}
