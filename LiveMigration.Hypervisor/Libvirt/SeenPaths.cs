using System.Collections.Concurrent;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Files and folders that hosts were seen to have a short while ago. Looking again costs a storage pool, and a drain asks for
/// the same firmware over and over; what vanishes meanwhile QEMU refuses, with the guest unharmed. What was missing is
/// asked for each time: somebody may just have put it there.
/// </summary>
internal sealed class SeenPaths(TimeProvider time)
{
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Host, string Path), long> _seen = [];

    internal void Note(string host, string path) => _seen[(host, path)] = time.GetTimestamp();

    internal bool Knows(string host, string path) =>
        _seen.TryGetValue((host, path), out var at) && time.GetElapsedTime(at) < Trust;
}
