using System.Runtime.InteropServices;

namespace LiveMigration.Hypervisor.Native;

/// <content>A guest's switch, and what is counted of it.</content>
internal static unsafe partial class LibvirtNative
{
    [LibraryImport(Library)]
    internal static partial int virDomainShutdownFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainReboot(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainReset(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainManagedSave(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainPMWakeup(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainListGetStats(nint* domains, uint stats, out StatsRecord** records, uint flags);

    [LibraryImport(Library)]
    internal static partial void virDomainStatsRecordListFree(StatsRecord** records);

    [LibraryImport(Library)]
    internal static partial int virNodeGetCPUStats(ConnectHandle connection, int cpu, CpuStatistic* statistics, ref int count, uint flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct StatsRecord
    {
        internal nint Domain;
        internal nint Parameters;
        internal int Count;
    }

    /// <summary>virNodeCPUStats.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CpuStatistic
    {
        internal fixed byte Field[80];
        internal ulong Value;
    }
}
