using System.Collections.Concurrent;
using System.Xml.Linq;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The folders of one host, reached through libvirt's storage pools alone. A folder that is no pool yet is made one for
/// the moment.
/// </summary>
internal sealed class StorageFolders(HostConnection host) : IDisposable
{
    internal const string PoolPrefix = "livemigration-probe";
    private const int NoSuchFile = 2;
    private const int NotADirectory = 20;

    // libvirt allows one pool for a folder: two users at once would take each other's away. Nor can a pool be looked
    // through while a file in it is being written.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Does something in a folder, in one short call.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="refresh">True to see what others have done there meanwhile.</param>
    /// <param name="work">What to do.</param>
    /// <param name="absent">The answer when the host has no such folder.</param>
    /// <param name="ct">Gives up waiting.</param>
    internal Task<T> UseAsync<T>(string folder, bool refresh, Func<LibvirtPool, T> work, T absent, CancellationToken ct) =>
        InTurnAsync(folder, () => host.CallAsync(connection => InPool(connection, folder, refresh, (_, pool) => work(pool), () => absent), ct), ct);

    /// <summary>Does something in a folder that takes as long as it takes, on a thread of its own.</summary>
    internal Task<T> UseLongAsync<T>(string folder, Func<LibvirtConnection, LibvirtPool, T> work, CancellationToken ct) =>
        InTurnAsync(
            folder,
            () => host.LongCallAsync(
                $"libvirt-{host.Name}-storage", connection => InPool<T>(connection, folder, refresh: true, work, absent: null), ct),
            ct);

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
            turn.Dispose();
    }

    private async Task<T> InTurnAsync<T>(string folder, Func<Task<T>> use, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(folder, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(ct);
        try
        {
            return await use();
        }
        finally
        {
            turn.Release();
        }
    }

    private static T InPool<T>(
        LibvirtConnection connection, string folder, bool refresh, Func<LibvirtConnection, LibvirtPool, T> work, Func<T>? absent)
    {
        var target = folder.Length > 1 ? folder.TrimEnd('/') : folder;
        var pool = connection.FindPoolByTarget(target);
        var made = pool is null;
        try
        {
            // A pool's list is as old as its last refresh; a new pool's is fresh.
            if (pool is null)
                pool = connection.CreatePool(PoolXml(target));
            else if (refresh)
                pool.Refresh();
            return work(connection, pool);
        }
        catch (LibvirtException error) when (absent is not null && error.SystemError is NoSuchFile or NotADirectory)
        {
            return absent();
        }
        finally
        {
            // One of ours that was left behind by a crash goes as well.
            if (pool is not null && (made || pool.Name.StartsWith(PoolPrefix, StringComparison.Ordinal)))
                pool.Destroy();
            pool?.Dispose();
        }
    }

    // The name depends on the folder only: libvirt wants names to be unique, and folders are.
    private static string PoolXml(string folder) => new XElement(
        "pool",
        new XAttribute("type", "dir"),
        new XElement("name", PoolPrefix + folder.Replace('/', '-')),
        new XElement("target", new XElement("path", folder))).ToString(SaveOptions.DisableFormatting);
}
