using System.Collections.Concurrent;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Auth;

/// <summary>
/// Who is logged in to the dashboard. Kept in memory only: a restart logs everybody out, and no key needs to be stored.
/// </summary>
internal sealed class DashboardSessions(ApiSettings settings, TimeProvider time)
{
    /// <summary>The cookie's name.</summary>
    public const string Cookie = "livemigration-session";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly SecretFile _password = SecretFile.Open("Auth:DashboardPasswordFile", settings.DashboardPasswordFile);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _sessions = new(StringComparer.Ordinal);

    /// <summary>A new session for the right user and password; null for others.</summary>
    public string? LogIn(string? user, string? password)
    {
        var right = _password.Matches(password?.Trim());
        if (!right || user is not AdminToken.User)
        {
            return null;
        }

        var now = time.GetUtcNow();
        foreach (var (old, ends) in _sessions)
        {
            if (ends < now)
            {
                _sessions.TryRemove(old, out _);
            }
        }

        var session = SecretFile.NewSecret();
        _sessions[session] = now + Lifetime;
        return session;
    }

    /// <summary>Whether a session is open.</summary>
    public bool IsOpen(string? session) =>
        session is not null && _sessions.TryGetValue(session, out var ends) && ends > time.GetUtcNow();

    /// <summary>Ends a session.</summary>
    public void LogOut(string? session)
    {
        if (session is not null)
        {
            _sessions.TryRemove(session, out _);
        }
    }
}
