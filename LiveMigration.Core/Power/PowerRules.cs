using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Power;

/// <summary>What Nova demands of one power action, and what it is recorded as.</summary>
/// <param name="Name">Nova's name of the request, in errors and as the instance action.</param>
/// <param name="Event">Nova's name of the work.</param>
/// <param name="During">The task state meanwhile.</param>
/// <param name="From">The vm_states that it is allowed in.</param>
/// <param name="Reached">Whether a guest in this state has got where the action leads.</param>
internal sealed record PowerRule(
    string Name, string Event, TaskState During, IReadOnlyList<VmState> From, Func<GuestState, bool> Reached)
{
    /// <summary>Task states that it may break into; none but for a hard reboot.</summary>
    public IReadOnlyList<TaskState> BreaksInto { get; init; } = [];

    /// <summary>False for what is allowed of a guest that nobody has seen run yet.</summary>
    public bool MustHaveRun { get; init; } = true;
}

/// <summary>The table of power actions.</summary>
internal static class PowerRules
{
    private static readonly VmState[] RebootableHard =
        [VmState.Active, VmState.Stopped, VmState.Paused, VmState.Suspended, VmState.Error];

    private static readonly TaskState[] BrokenByHardReboot =
    [
        TaskState.Rebooting, TaskState.RebootingHard, TaskState.Resuming, TaskState.Unpausing, TaskState.Pausing, TaskState.Suspending,
    ];

    /// <summary>The row of an action.</summary>
    public static PowerRule Of(PowerAction action) => action switch
    {
        PowerAction.Pause => new("pause", "compute_pause_instance", TaskState.Pausing, [VmState.Active], state => state is GuestState.Paused),
        PowerAction.Unpause => new("unpause", "compute_unpause_instance", TaskState.Unpausing, [VmState.Paused], Runs),
        // An adopted guest may have been off ever since: it can be started all the same.
        PowerAction.Start => new("start", "compute_start_instance", TaskState.PoweringOn, [VmState.Stopped], Runs) { MustHaveRun = false },
        PowerAction.Stop => new("stop", "compute_stop_instance", TaskState.PoweringOff, [VmState.Active, VmState.Error], IsOff),
        PowerAction.Suspend => new(
            "suspend", "compute_suspend_instance", TaskState.Suspending, [VmState.Active], state => state is GuestState.Suspended),
        PowerAction.Resume => new("resume", "compute_resume_instance", TaskState.Resuming, [VmState.Suspended], Runs),
        PowerAction.RebootSoft => new("reboot", "compute_reboot_instance", TaskState.Rebooting, [VmState.Active], Runs),
        PowerAction.RebootHard => new("reboot", "compute_reboot_instance", TaskState.RebootingHard, RebootableHard, Runs)
        {
            BreaksInto = BrokenByHardReboot,
            MustHaveRun = false,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static bool Runs(GuestState state) => state is GuestState.Running;

    private static bool IsOff(GuestState state) => state is GuestState.Off or GuestState.Crashed;
}
