using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Owns a reference to a virConnect. A domain's handle keeps the C object alive beyond it.</summary>
internal sealed class ConnectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virConnectClose(handle) >= 0;
}

/// <summary>Owns a virDomain.</summary>
internal sealed class DomainHandle() : SafeHandle(0, ownsHandle: true)
{
    internal DomainHandle(nint owned)
        : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    /// <summary>A handle of its own on the same C object.</summary>
    internal DomainHandle Share()
    {
        _ = LibvirtException.Check(LibvirtNative.virDomainRef(this));
        return new DomainHandle(handle);
    }

    protected override bool ReleaseHandle() => LibvirtNative.virDomainFree(handle) == 0;
}

/// <summary>Owns a virStoragePool.</summary>
internal sealed class StoragePoolHandle() : SafeHandle(0, ownsHandle: true)
{
    internal StoragePoolHandle(nint owned)
        : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virStoragePoolFree(handle) == 0;
}

/// <summary>Owns a virStream.</summary>
internal sealed class StreamHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virStreamFree(handle) == 0;
}

/// <summary>Owns a virStorageVol.</summary>
internal sealed class StorageVolumeHandle() : SafeHandle(0, ownsHandle: true)
{
    internal StorageVolumeHandle(nint owned)
        : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virStorageVolFree(handle) == 0;
}
