using System.Collections.Concurrent;

namespace LiveMigration.Api.Jobs;

/// <summary>Which builds and removals wait for a worker or are being worked at: each is in the queue once.</summary>
public sealed class WaitingServers
{
    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);

    /// <summary>True when it did not wait yet.</summary>
    public bool Add(string what) => _waiting.TryAdd(what, 0);

    /// <summary>It waits no more.</summary>
    public void Begun(string what) => _waiting.TryRemove(what, out _);
}
