using System.Collections.Concurrent;

namespace LiveMigration.Api.Jobs;

/// <summary>
/// Which migrations wait for a worker: the recovery pass asks every second, and a queue that is busy must not fill up
/// with copies. Lives as long as the in-memory queue does.
/// </summary>
public sealed class WaitingMigrations
{
    private readonly ConcurrentDictionary<int, byte> _waiting = new();

    /// <summary>True when it did not wait yet.</summary>
    public bool Add(int migrationId) => _waiting.TryAdd(migrationId, 0);

    /// <summary>It waits no more.</summary>
    public void Begun(int migrationId) => _waiting.TryRemove(migrationId, out _);
}
