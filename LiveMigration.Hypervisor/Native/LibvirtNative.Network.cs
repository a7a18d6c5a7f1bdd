using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LiveMigration.Hypervisor.Native;

internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial InterfaceHandle virInterfaceLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library)]
    internal static partial int virInterfaceFree(nint link);

    [LibraryImport(Library)]
    internal static partial int virInterfaceIsActive(InterfaceHandle link);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virInterfaceGetXMLDesc(InterfaceHandle link, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NetworkHandle virNetworkLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library)]
    internal static partial int virNetworkFree(nint network);

    [LibraryImport(Library)]
    internal static partial int virNetworkIsActive(NetworkHandle network);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virNetworkGetXMLDesc(NetworkHandle network, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial FilterHandle virNWFilterLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial FilterHandle virNWFilterDefineXML(ConnectHandle connection, string xml);

    [LibraryImport(Library)]
    internal static partial int virNWFilterFree(nint filter);

    [LibraryImport(Library)]
    internal static partial int virNWFilterUndefine(FilterHandle filter);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8Marshaller))]
    internal static partial string? virNWFilterGetXMLDesc(FilterHandle filter, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial FilterBindingHandle virNWFilterBindingLookupByPortDev(ConnectHandle connection, string port);

    [LibraryImport(Library)]
    internal static partial int virNWFilterBindingFree(nint binding);
}
