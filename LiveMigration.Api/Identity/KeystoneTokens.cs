using System.Collections.Concurrent;
using LiveMigration.Api.Auth;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>
/// Tokens of another Keystone, which is asked about each once and then believed for a while; so a token that is taken back
/// there holds here until then. The admin's fixed token holds too.
/// </summary>
internal sealed partial class KeystoneTokens(
    KeystoneSettings settings, KeystoneClient keystone, AdminToken admin, TimeProvider time, ILogger<KeystoneTokens> log) : ITokenValidator
{
    private const int MaxAnswers = 20_000;

    // A wrong one is not asked about again and again; briefly, as it may be one that is just being made.
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (TokenGrant? Grant, DateTimeOffset Until)> _answers = new(StringComparer.Ordinal);

    public async ValueTask<TokenGrant?> ValidateAsync(string token, CancellationToken ct)
    {
        // What can't stand in a header of ours was no token of Keystone's.
        if (TokenText.Hash(token) is not { } hash || !token.All(character => character is > ' ' and <= '~'))
        {
            return null;
        }

        if (admin.Find(hash) is { } fixedOne)
        {
            return fixedOne;
        }

        var now = time.GetUtcNow();
        if (_answers.TryGetValue(hash, out var answer) && answer.Until > now)
        {
            return answer.Grant is { } known && known.ExpiresAt > now.UtcDateTime ? known : null;
        }

        var grant = await AskAsync(token, ct);
        MakeRoom(now);
        _answers[hash] = (grant, now + (grant is null ? RefusalLifetime : settings.CacheLifetime));
        return grant is not null && grant.ExpiresAt > now.UtcDateTime ? grant : null;
    }

    private async Task<TokenGrant?> AskAsync(string token, CancellationToken ct)
    {
        try
        {
            return await keystone.ShowTokenAsync(token, ct);
        }
        catch (Exception exception) when (exception is HttpRequestException or KeystoneRefused
            || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Silent(settings.Url, exception.Message);
            throw new HttpFault(StatusCodes.Status503ServiceUnavailable, "The identity service does not answer. Try again in a moment.");
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_answers.Count < MaxAnswers)
        {
            return;
        }

        foreach (var (hash, answer) in _answers)
        {
            if (answer.Until <= now)
            {
                _answers.TryRemove(hash, out _);
            }
        }

        if (_answers.Count >= MaxAnswers)
        {
            _answers.Clear();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Keystone at {Url} could not be asked about a token: {Reason}")]
    private partial void Silent(Uri url, string reason);
}
