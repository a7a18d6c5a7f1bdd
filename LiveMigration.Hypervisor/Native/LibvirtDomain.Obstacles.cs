using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <content>What libvirt does not move a guest with.</content>
internal sealed unsafe partial class LibvirtDomain
{
    private const uint Migratable = 1 << 3;

    internal bool HasManagedSave => Check(LibvirtNative.virDomainHasManagedSaveImage(handle, 0)) == 1;

    /// <summary>The definition as a destination would get it: without what libvirt makes up anew there.</summary>
    internal string GetMigratableXml() => Check(LibvirtNative.virDomainGetXMLDesc(handle, Migratable));

    internal IReadOnlyList<string> ListSnapshots()
    {
        var count = Check(LibvirtNative.virDomainListAllSnapshots(handle, out var list, 0));
        return Names(list, count, &LibvirtNative.virDomainSnapshotGetName, &LibvirtNative.virDomainSnapshotFree);
    }

    internal IReadOnlyList<string> ListCheckpoints()
    {
        var count = Check(LibvirtNative.virDomainListAllCheckpoints(handle, out var list, 0));
        return Names(list, count, &LibvirtNative.virDomainCheckpointGetName, &LibvirtNative.virDomainCheckpointFree);
    }

    internal bool HasBlockJob(string disk) => Check(LibvirtNative.virDomainGetBlockJobInfo(handle, disk, out _, 0)) == 1;

    private static string[] Names(nint* list, int count, delegate*<nint, nint> nameOf, delegate*<nint, int> free)
    {
        var names = new string[count];
        for (var i = 0; i < count; i++)
        {
            names[i] = Marshal.PtrToStringUTF8(nameOf(list[i])) ?? "";
            _ = free(list[i]);
        }

        NativeMemory.Free(list);
        return names;
    }
}
