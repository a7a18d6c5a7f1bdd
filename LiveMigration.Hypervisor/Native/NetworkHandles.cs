using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Owns a virInterface: a link of the host.</summary>
internal sealed class InterfaceHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virInterfaceFree(handle) == 0;
}

/// <summary>Owns a virNetwork.</summary>
internal sealed class NetworkHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virNetworkFree(handle) == 0;
}

/// <summary>Owns a virNWFilter.</summary>
internal sealed class FilterHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virNWFilterFree(handle) == 0;
}

/// <summary>Owns a virNWFilterBinding.</summary>
internal sealed class FilterBindingHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virNWFilterBindingFree(handle) == 0;
}
