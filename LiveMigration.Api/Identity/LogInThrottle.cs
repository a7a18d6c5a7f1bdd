namespace LiveMigration.Api.Identity;

/// <summary>
/// Counts log-ins that fail, by user and address, by address, and by user. An attempt counts from its beginning, so that
/// many at once don't pass together; a right password takes it back.
/// </summary>
internal sealed class LogInThrottle(TimeProvider time)
{
    /// <summary>Failures of one user name from one address in a minute.</summary>
    public const int PerUserAndAddress = 5;

    private const int PerAddress = 60;
    private const int PerUser = 100;
    private const int MaxKeys = 20_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset Ends, int Failures)> _counts = new(StringComparer.Ordinal);

    /// <summary>Begins an attempt.</summary>
    /// <returns>Null to go on, or how long to wait before the next.</returns>
    public TimeSpan? Begin(string user, string address)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            MakeRoom(now);
            foreach (var (key, most) in Keys(user, address))
            {
                if (_counts.TryGetValue(key, out var count) && count.Ends > now && count.Failures >= most)
                {
                    return count.Ends - now;
                }
            }

            foreach (var (key, _) in Keys(user, address))
            {
                _counts[key] = _counts.TryGetValue(key, out var count) && count.Ends > now
                    ? (count.Ends, count.Failures + 1)
                    : (now + Window, 1);
            }

            return null;
        }
    }

    /// <summary>The attempt was a right one.</summary>
    public void Succeeded(string user, string address)
    {
        lock (_lock)
        {
            foreach (var (key, _) in Keys(user, address))
            {
                if (_counts.TryGetValue(key, out var count) && count.Failures > 0)
                {
                    _counts[key] = (count.Ends, count.Failures - 1);
                }
            }
        }
    }

    private static (string Key, int Most)[] Keys(string user, string address) =>
        [($"{address}\n{user}", PerUserAndAddress), (address, PerAddress), ($"\n{user}", PerUser)];

    private void MakeRoom(DateTimeOffset now)
    {
        if (_counts.Count < MaxKeys)
        {
            return;
        }

        foreach (var (key, count) in _counts)
        {
            if (count.Ends <= now)
            {
                _counts.Remove(key);
            }
        }

        // More names in a minute than an honest cloud has: then all begin anew, and the bound by address goes on to hold most.
        if (_counts.Count >= MaxKeys)
        {
            _counts.Clear();
        }
    }
}
