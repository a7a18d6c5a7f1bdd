using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Stops and starts what a guest does; what is done already is no error.</summary>
internal static class GuestControl
{
    internal static void AbortJob(LibvirtDomain domain)
    {
        JobStatsReader.RefuseIncoming(domain);
        try
        {
            domain.AbortJob();
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.OperationInvalid
            && JobStatsReader.Current(domain).State != JobState.Active)
        {
            // libvirt says "invalid" of a job that has ended as well as of one that can't be aborted any more.
        }
    }

    internal static void SetBandwidth(LibvirtDomain domain, long mibps)
    {
        // libvirt takes 0 literally here; this is its own constant for "as much as there is".
        const ulong Unlimited = long.MaxValue >> 20;
        domain.SetMaxSpeed(mibps == 0 ? Unlimited : (ulong)mibps);
    }

    internal static void Suspend(LibvirtDomain domain)
    {
        if (domain.GetState().State != DomainState.Paused)
            domain.Suspend();
    }

    internal static void Resume(LibvirtDomain domain)
    {
        if (domain.GetState().State is not (DomainState.Running or DomainState.Blocked))
            domain.Resume();
    }
}
