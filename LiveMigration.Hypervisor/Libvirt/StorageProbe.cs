using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Makes, looks for and removes an empty file in a folder of one host.</summary>
internal sealed class StorageProbe(StorageFolders folders)
{
    internal Task<bool> CreateAsync(string folder, string name, CancellationToken ct) =>
        folders.UseAsync(folder, refresh: false, pool => Create(pool, name), absent: false, ct);

    internal Task<bool> SeesAsync(string folder, string name, CancellationToken ct) =>
        folders.UseAsync(folder, refresh: true, pool => pool.HasVolume(name), absent: false, ct);

    internal Task RemoveAsync(string folder, string name, CancellationToken ct) =>
        folders.UseAsync(folder, refresh: false, pool => Remove(pool, name), absent: false, ct);

    /// <summary>Which of these files a folder holds; null when the host has no such folder.</summary>
    internal Task<IReadOnlyList<string>?> LookAsync(string folder, IEnumerable<string> names, CancellationToken ct) =>
        folders.UseAsync<IReadOnlyList<string>?>(folder, refresh: true, pool => [.. names.Where(pool.HasVolume)], absent: null, ct);

    private static bool Create(LibvirtPool pool, string name)
    {
        VolumeXml.Ensure(pool, name, VolumeXml.Empty(name));
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
}
