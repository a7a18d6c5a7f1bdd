using System.Collections.Concurrent;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Compute;

/// <summary>
/// What a network service has told of the interfaces of moving guests, by port id or address. Only heard while a move waits
/// for it; a controller that was started again looks at the host instead.
/// </summary>
public sealed class VifEvents
{
    private readonly ConcurrentDictionary<(Guid Instance, string Tag), bool> _told = new();

    /// <summary>Notes that an interface is plugged in, or could not be.</summary>
    /// <param name="instance">The guest.</param>
    /// <param name="tag">The port's id, or the interface's address.</param>
    /// <param name="plugged">False when it could not be.</param>
    public void Note(Guid instance, string tag, bool plugged) => _told[(instance, Folded(tag))] = plugged;

    /// <summary>Whether an interface was told to be plugged in.</summary>
    /// <exception cref="MigrationError">It was told that it can't be.</exception>
    internal bool IsPlugged(Guid instance, string mac)
    {
        foreach (var tag in new[] { mac, PortId.Of(instance, mac).ToString() })
        {
            if (_told.TryGetValue((instance, Folded(tag)), out var plugged))
            {
                return plugged ? true : throw new MigrationError($"Virtual Interface creation failed ({mac})");
            }
        }

        return false;
    }

    /// <summary>The wait is over: what was told of this move says nothing of the next.</summary>
    internal void Forget(Guid instance)
    {
        foreach (var key in _told.Keys.Where(key => key.Instance == instance))
        {
            _told.TryRemove(key, out _);
        }
    }

    private static string Folded(string tag) => tag.ToUpperInvariant();
}
