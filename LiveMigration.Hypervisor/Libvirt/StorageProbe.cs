using System.Xml.Linq;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Makes, looks for and removes a file in a folder of one host, through libvirt's storage pools alone. A folder that
/// is no pool yet is made one for the moment.
/// </summary>
internal sealed class StorageProbe(HostConnection host) : IDisposable
{
    internal const string PoolPrefix = "livemigration-probe";
    private const int NoSuchFile = 2;
    private const int NotADirectory = 20;

    // libvirt allows one pool for a folder: two probes at once would take each other's away.
    private readonly SemaphoreSlim _turn = new(1);

    internal async Task<bool> CreateAsync(string folder, string name, CancellationToken ct) =>
        await InPoolAsync(folder, refresh: false, pool => Create(pool, name), ct);

    internal async Task<bool> SeesAsync(string folder, string name, CancellationToken ct) =>
        await InPoolAsync(folder, refresh: true, pool => pool.HasVolume(name), ct);

    internal async Task RemoveAsync(string folder, string name, CancellationToken ct) =>
        await InPoolAsync(folder, refresh: false, pool => Remove(pool, name), ct);

    /// <summary>Which of these files a folder holds; null when the host has no such folder.</summary>
    internal async Task<IReadOnlyList<string>?> LookAsync(string folder, IEnumerable<string> names, CancellationToken ct)
    {
        IReadOnlyList<string>? found = null;
        await InPoolAsync(folder, refresh: true, Look, ct);
        return found;

        bool Look(LibvirtPool pool)
        {
            found = [.. names.Where(pool.HasVolume)];
            return true;
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool Create(LibvirtPool pool, string name)
    {
        if (pool.HasVolume(name))
            return true;
        var volume = new XElement(
            "volume",
            new XElement("name", name),
            new XElement("capacity", "0"),
            new XElement("allocation", "0"),
            new XElement("target", new XElement("format", new XAttribute("type", "raw"))));
        try
        {
            pool.CreateVolume(volume.ToString(SaveOptions.DisableFormatting));
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.StorageVolumeExists)
        {
            // Somebody else made it between our look and our call.
        }

        return true;
    }

    private static bool Remove(LibvirtPool pool, string name)
    {
        // The host that made it knows it; one that was started anew since does not until it has looked.
        if (!pool.HasVolume(name))
            pool.Refresh();
        pool.DeleteVolume(name);
        return true;
    }

    private async Task<bool> InPoolAsync(string folder, bool refresh, Func<LibvirtPool, bool> work, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await host.CallAsync(connection => InPool(connection, folder, refresh, work), ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool InPool(LibvirtConnection connection, string folder, bool refresh, Func<LibvirtPool, bool> work)
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
            return work(pool);
        }
        catch (LibvirtException error) when (error.SystemError is NoSuchFile or NotADirectory)
        {
            return false;
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
