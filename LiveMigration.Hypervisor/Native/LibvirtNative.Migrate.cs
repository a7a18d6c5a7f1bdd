using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainMigrateToURI3(
        DomainHandle domain, string destinationUri, nint parameters, uint count, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainGetJobStats(
        DomainHandle domain, out int type, out nint parameters, out int count, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateSetMaxDowntime(DomainHandle domain, ulong milliseconds, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateSetMaxSpeed(DomainHandle domain, CULong mibps, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainAbortJob(DomainHandle domain);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateStartPostCopy(DomainHandle domain, uint flags);
}
