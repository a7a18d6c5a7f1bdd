using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <content>What a host has that a guest may need.</content>
internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library)]
    internal static partial int virSecretFree(nint secret);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virSecretLookupByUUIDString(ConnectHandle connection, string uuid);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint virSecretLookupByUsage(ConnectHandle connection, int type, string usage);

    [LibraryImport(Library)]
    internal static partial int virNodeGetFreePages(
        ConnectHandle connection, uint sizes, uint* pageKiB, int firstCell, uint cells, ulong* counts, uint flags);
}
