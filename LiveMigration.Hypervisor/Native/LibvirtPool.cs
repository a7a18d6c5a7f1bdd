using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>One storage pool. Every method blocks, and throws <see cref="LibvirtException"/>.</summary>
internal sealed class LibvirtPool(StoragePoolHandle handle) : IDisposable
{
    internal string Name => Marshal.PtrToStringUTF8(LibvirtNative.virStoragePoolGetName(handle)) ?? throw Last();

    internal string GetXml() => Check(LibvirtNative.virStoragePoolGetXMLDesc(handle, 0));

    internal LibvirtNative.PoolInfo GetInfo()
    {
        _ = Check(LibvirtNative.virStoragePoolGetInfo(handle, out var info));
        return info;
    }

    internal void Refresh() => _ = Check(LibvirtNative.virStoragePoolRefresh(handle, 0));

    internal void Destroy() => _ = Check(LibvirtNative.virStoragePoolDestroy(handle));

    internal void CreateVolume(string xml, StorageVolumeCreateFlags flags = StorageVolumeCreateFlags.None)
    {
        using var volume = Check(LibvirtNative.virStorageVolCreateXML(handle, xml, flags));
    }

    internal unsafe IReadOnlyList<string> ListVolumes()
    {
        var count = Check(LibvirtNative.virStoragePoolListAllVolumes(handle, out var list, 0));
        var names = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            using var volume = new StorageVolumeHandle(list[i]);
            names.Add(Marshal.PtrToStringUTF8(LibvirtNative.virStorageVolGetName(volume)) ?? throw Last());
        }

        NativeMemory.Free(list);
        return names;
    }

    /// <summary>A volume's definition; null when there is none of that name.</summary>
    internal string? FindVolumeXml(string name)
    {
        using var volume = FindVolume(name);
        return volume is null ? null : Check(LibvirtNative.virStorageVolGetXMLDesc(volume, 0));
    }

    /// <summary>Begins to read a volume from its beginning to its end.</summary>
    internal void Download(string name, LibvirtStream stream)
    {
        using var volume = Check(LibvirtNative.virStorageVolLookupByName(handle, name));
        _ = Check(LibvirtNative.virStorageVolDownload(volume, stream.Handle, 0, 0, 0));
    }

    /// <summary>Begins to write a volume from its beginning.</summary>
    internal void Upload(string name, LibvirtStream stream)
    {
        using var volume = Check(LibvirtNative.virStorageVolLookupByName(handle, name));
        _ = Check(LibvirtNative.virStorageVolUpload(volume, stream.Handle, 0, 0, 0));
    }

    internal bool HasVolume(string name)
    {
        using var volume = FindVolume(name);
        return volume is not null;
    }

    /// <summary>Makes the disk in a volume larger.</summary>
    internal void ResizeVolume(string name, long bytes)
    {
        using var volume = Check(LibvirtNative.virStorageVolLookupByName(handle, name));
        _ = Check(LibvirtNative.virStorageVolResize(volume, (ulong)bytes, 0));
    }

    /// <summary>Deletes a volume; none of that name is no error.</summary>
    internal void DeleteVolume(string name)
    {
        using var volume = FindVolume(name);
        if (volume is not null)
            _ = Check(LibvirtNative.virStorageVolDelete(volume, 0));
    }

    public void Dispose() => handle.Dispose();

    private StorageVolumeHandle? FindVolume(string name)
    {
        try
        {
            return Check(LibvirtNative.virStorageVolLookupByName(handle, name));
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoStorageVolume)
        {
            return null;
        }
    }
}
