using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What libvirt's state and reason mean to us.</summary>
internal static class GuestStateReader
{
    /// <param name="state">libvirt's state.</param>
    /// <param name="reason">Its reason.</param>
    /// <param name="isIncoming">
    /// Asked only where libvirt says "paused for migration": that is what a guest shows at the destination until it
    /// may run, and at the source from the hand-over on.
    /// </param>
    internal static GuestState Of(DomainState state, int reason, Func<bool> isIncoming) => state switch
    {
        DomainState.Paused => Paused(reason, isIncoming),
        DomainState.Off => Off(reason),
        DomainState.ShuttingDown => GuestState.ShuttingDown,
        DomainState.Crashed => GuestState.Crashed,
        DomainState.PmSuspended => GuestState.Suspended,

        // A state that nobody knows is taken for the one that nobody may touch.
        _ => Running(reason),
    };

    private static GuestState Running(int reason) => reason switch
    {
        StateReasons.RunningPostCopy => GuestState.RunningPostCopy,
        StateReasons.RunningPostCopyFailed => GuestState.PostCopyFailed,
        _ => GuestState.Running,
    };

    private static GuestState Paused(int reason, Func<bool> isIncoming) => reason switch
    {
        StateReasons.PausedMigration => isIncoming() ? GuestState.Incoming : GuestState.PausedMigrated,
        StateReasons.PausedPostCopy => GuestState.PausedPostCopy,
        StateReasons.PausedPostCopyFailed => GuestState.PostCopyFailed,
        StateReasons.PausedShuttingDown => GuestState.ShuttingDown,
        StateReasons.PausedStartingUp => isIncoming() ? GuestState.Incoming : GuestState.Paused,
        _ => GuestState.Paused,
    };

    private static GuestState Off(int reason) => reason switch
    {
        StateReasons.OffCrashed => GuestState.Crashed,
        StateReasons.OffSaved => GuestState.Suspended,
        _ => GuestState.Off,
    };
}
