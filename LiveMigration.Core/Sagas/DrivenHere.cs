using System.Collections.Concurrent;

namespace LiveMigration.Core.Sagas;

/// <summary>
/// Which sagas this process drives now. The lease keeps other processes off; it is counted by the wall clock, and one that is
/// set ahead must not let a process take over from itself.
/// </summary>
public sealed class DrivenHere
{
    private readonly ConcurrentDictionary<(Type Saga, int Id), byte> _driven = new();

    /// <summary>Whether somebody drives it.</summary>
    /// <typeparam name="TState">What it keeps; tells one kind of saga from another.</typeparam>
    /// <param name="id">Its id.</param>
    public bool Contains<TState>(int id) => _driven.ContainsKey((typeof(TState), id));

    /// <summary>True when nobody has driven it until now.</summary>
    internal bool TryBegin<TState>(int id) => _driven.TryAdd((typeof(TState), id), 0);

    /// <summary>Nobody drives it any more.</summary>
    internal void End<TState>(int id) => _driven.TryRemove((typeof(TState), id), out _);
}
