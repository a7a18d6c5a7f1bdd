using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LiveMigration.Hypervisor.Native;

/// <summary>libvirt's C functions under their own names. Nothing outside this folder calls them.</summary>
internal static unsafe partial class LibvirtNative
{
    internal const string Library = "libvirt.so.0";

    [LibraryImport(Library)]
    internal static partial int virInitialize();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpen(string uri);

    [LibraryImport(Library)]
    internal static partial int virConnectClose(nint connection);

    [LibraryImport(Library)]
    internal static partial int virConnectIsAlive(ConnectHandle connection);

    [LibraryImport(Library)]
    internal static partial int virConnectSetKeepAlive(ConnectHandle connection, int interval, uint count);

    [LibraryImport(Library)]
    internal static partial nint virConnectGetType(ConnectHandle connection);

    [LibraryImport(Library)]
    internal static partial int virConnectGetVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(Library)]
    internal static partial int virConnectGetLibVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virConnectGetHostname(ConnectHandle connection);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virConnectGetCapabilities(ConnectHandle connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virConnectGetDomainCapabilities(
        ConnectHandle connection, string? emulator, string? arch, string? machine, string? virtType, uint flags);

    [LibraryImport(Library)]
    internal static partial int virNodeGetInfo(ConnectHandle connection, out NodeInfo info);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virConnectCompareHypervisorCPU(
        ConnectHandle connection, string? emulator, string? arch, string? machine, string? virtType, string cpuXml, uint flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct NodeInfo
    {
        internal fixed byte Model[32];
        internal CULong MemoryKiB;
        internal uint Cpus;
        internal uint Mhz;
        internal uint Nodes;
        internal uint Sockets;
        internal uint Cores;
        internal uint Threads;
    }
}
