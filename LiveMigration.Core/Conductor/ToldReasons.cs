using System.Collections.Concurrent;

namespace LiveMigration.Core.Conductor;

/// <summary>What was last told of an instance in the log, so that what is tried again and again is told once.</summary>
internal sealed class ToldReasons
{
    private readonly ConcurrentDictionary<Guid, string> _last = new();

    /// <summary>There is nothing more to tell.</summary>
    public void Forget(Guid instance) => _last.TryRemove(instance, out _);

    /// <summary>True when something else was told last.</summary>
    public bool IsNew(Guid instance, string reason)
    {
        var isNew = !_last.TryGetValue(instance, out var last) || !last.Equals(reason, StringComparison.Ordinal);
        _last[instance] = reason;
        return isNew;
    }
}
