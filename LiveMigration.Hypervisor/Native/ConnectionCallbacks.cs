using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <summary>Who wants to hear of a connection. Called on the event loop's thread: must return at once and never throw.</summary>
internal interface IConnectionListener
{
    void Closed(CloseReason reason);

    void GuestChanged(Guid guest);
}

/// <summary>The C side of <see cref="IConnectionListener"/>: each registration owns one GC handle, freed by libvirt's freecb.</summary>
internal static unsafe class ConnectionCallbacks
{
    private const int LifecycleEvents = 0;

    internal static void RegisterClose(ConnectHandle connection, IConnectionListener listener)
    {
        var opaque = GCHandle.ToIntPtr(GCHandle.Alloc(listener));
        if (LibvirtNative.virConnectRegisterCloseCallback(connection, &OnClose, opaque, &OnFree) >= 0)
            return;
        var error = LibvirtException.Last();
        GCHandle.FromIntPtr(opaque).Free();
        throw error;
    }

    // libvirt's registrations hold a reference to the connection: without this it would never be closed.
    internal static void UnregisterClose(ConnectHandle connection) =>
        _ = LibvirtNative.virConnectUnregisterCloseCallback(connection, &OnClose);

    internal static int RegisterLifecycle(ConnectHandle connection, IConnectionListener listener)
    {
        var opaque = GCHandle.ToIntPtr(GCHandle.Alloc(listener));
        var id = LibvirtNative.virConnectDomainEventRegisterAny(connection, 0, LifecycleEvents, &OnLifecycle, opaque, &OnFree);
        if (id >= 0)
            return id;
        var error = LibvirtException.Last();
        GCHandle.FromIntPtr(opaque).Free();
        throw error;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClose(nint connection, int reason, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is IConnectionListener listener)
            listener.Closed((CloseReason)reason);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int kind, int detail, nint opaque)
    {
        var buffer = stackalloc byte[LibvirtNative.UuidStringLength];
        if (LibvirtNative.virDomainGetUUIDStringOfBorrowed(domain, buffer) == 0
            && Guid.TryParse(Marshal.PtrToStringUTF8((nint)buffer), out var guest)
            && GCHandle.FromIntPtr(opaque).Target is IConnectionListener listener)
        {
            listener.GuestChanged(guest);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnFree(nint opaque) => GCHandle.FromIntPtr(opaque).Free();
}
