using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <content>A guest's switch, and what is counted of it.</content>
internal sealed unsafe partial class LibvirtDomain
{
    /// <param name="fresh">True to throw a saved memory away.</param>
    internal void Create(bool fresh)
    {
        const uint ForceBoot = 1 << 3;
        _ = Check(LibvirtNative.virDomainCreateWithFlags(handle, fresh ? ForceBoot : 0));
    }

    internal void ShutDown() => _ = Check(LibvirtNative.virDomainShutdownFlags(handle, 0));

    internal void Reboot() => _ = Check(LibvirtNative.virDomainReboot(handle, 0));

    internal void Reset() => _ = Check(LibvirtNative.virDomainReset(handle, 0));

    /// <summary>Blocks for as long as it takes to write the memory.</summary>
    internal void ManagedSave() => _ = Check(LibvirtNative.virDomainManagedSave(handle, 0));

    internal void WakeUp() => _ = Check(LibvirtNative.virDomainPMWakeup(handle, 0));

    /// <summary>Everything that libvirt counts of the guest, by libvirt's names.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> GetStatistics()
    {
        var borrowed = false;
        handle.DangerousAddRef(ref borrowed);
        try
        {
            var list = stackalloc nint[2];
            (list[0], list[1]) = (handle.DangerousGetHandle(), 0);
            var count = Check(LibvirtNative.virDomainListGetStats(list, 0, out var records, 0));
            try
            {
                return count == 0 ? [] : TypedParameters.EntriesOf(records[0]->Parameters, records[0]->Count);
            }
            finally
            {
                LibvirtNative.virDomainStatsRecordListFree(records);
            }
        }
        finally
        {
            if (borrowed)
                handle.DangerousRelease();
        }
    }
}
