namespace LiveMigration.Core.Model;

/// <summary>Nova's words for an instance's states.</summary>
public static class StateNames
{
    /// <summary><c>OS-EXT-STS:vm_state</c>.</summary>
    public static string ToNova(this VmState state) => state switch
    {
        VmState.Building => "building",
        VmState.Active => "active",
        VmState.Paused => "paused",
        VmState.Stopped => "stopped",
        VmState.Suspended => "suspended",
        VmState.Deleted => "deleted",
        _ => "error",
    };

    /// <summary><c>OS-EXT-STS:task_state</c>.</summary>
    public static string ToNova(this TaskState state) => state switch
    {
        TaskState.Scheduling => "scheduling",
        TaskState.Spawning => "spawning",
        TaskState.Deleting => "deleting",
        TaskState.Migrating => "migrating",
        TaskState.Pausing => "pausing",
        TaskState.Unpausing => "unpausing",
        TaskState.PoweringOn => "powering-on",
        TaskState.PoweringOff => "powering-off",
        TaskState.Suspending => "suspending",
        TaskState.Resuming => "resuming",
        TaskState.Rebooting => "rebooting",
        TaskState.RebootingHard => "rebooting_hard",
        _ => "unknown",
    };
}
