using System.Runtime.InteropServices;
using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <content>How long a host runs.</content>
internal sealed unsafe partial class LibvirtConnection
{
    /// <summary>
    /// The time that the host's processors have spent since it was started, ns, over all of them. Divided by their number
    /// it is the host's uptime, give or take what it spent in interrupts.
    /// </summary>
    internal ulong GetProcessorTime()
    {
        const int All = -1;
        var count = 0;
        _ = Check(LibvirtNative.virNodeGetCPUStats(_handle, All, null, ref count, 0));
        var statistics = stackalloc LibvirtNative.CpuStatistic[count];
        _ = Check(LibvirtNative.virNodeGetCPUStats(_handle, All, statistics, ref count, 0));
        ulong sum = 0;
        for (var i = 0; i < count; i++)
        {
            if (Marshal.PtrToStringUTF8((nint)statistics[i].Field) is "kernel" or "user" or "idle" or "iowait")
                sum += statistics[i].Value;
        }

        return sum;
    }
}
