using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Compute;

/// <summary>The table from what a host says of a guest to the states of the record.</summary>
public static class GuestStates
{
    /// <summary>Nova's power state of an observation.</summary>
    public static PowerState ToPowerState(this GuestObservation? guest) => guest?.State switch
    {
        null => PowerState.NoState,
        GuestState.Running or GuestState.RunningPostCopy or GuestState.ShuttingDown => PowerState.Running,
        GuestState.Off => PowerState.Shutdown,
        GuestState.Crashed => PowerState.Crashed,
        GuestState.Suspended => PowerState.Suspended,
        _ => PowerState.Paused,
    };

    /// <summary>What the instance should be held to be after an observation.</summary>
    public static VmState ToVmState(this GuestObservation guest) => guest.State switch
    {
        GuestState.Off => VmState.Stopped,
        GuestState.Suspended => VmState.Suspended,
        GuestState.Crashed or GuestState.PostCopyFailed => VmState.Error,
        GuestState.Paused => VmState.Paused,
        _ => VmState.Active,
    };
}
