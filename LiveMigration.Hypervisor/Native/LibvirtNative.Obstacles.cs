using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <content>What libvirt does not move a guest with.</content>
internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library)]
    internal static partial int virDomainListAllSnapshots(DomainHandle domain, out nint* snapshots, uint flags);

    [LibraryImport(Library)]
    internal static partial nint virDomainSnapshotGetName(nint snapshot);

    [LibraryImport(Library)]
    internal static partial int virDomainSnapshotFree(nint snapshot);

    [LibraryImport(Library)]
    internal static partial int virDomainListAllCheckpoints(DomainHandle domain, out nint* checkpoints, uint flags);

    [LibraryImport(Library)]
    internal static partial nint virDomainCheckpointGetName(nint checkpoint);

    [LibraryImport(Library)]
    internal static partial int virDomainCheckpointFree(nint checkpoint);

    [LibraryImport(Library)]
    internal static partial int virDomainHasManagedSaveImage(DomainHandle domain, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainGetBlockJobInfo(DomainHandle domain, string disk, out BlockJobInfo info, uint flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct BlockJobInfo
    {
        internal int Type;
        internal CULong Bandwidth;
        internal ulong Current;
        internal ulong End;
    }
}
