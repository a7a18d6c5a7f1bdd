using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>The API's words for an instance's states.</summary>
internal static class ServerWords
{
    /// <summary>The API's <c>status</c>: made of both.</summary>
    public static string Status(VmState vm, TaskState? task) => (vm, task) switch
    {
        (VmState.Active or VmState.Paused, TaskState.Migrating) => "MIGRATING",
        (VmState.Active, TaskState.Rebooting) => "REBOOT",
        (VmState.Active, TaskState.RebootingHard) => "HARD_REBOOT",
        (VmState.Building, _) => "BUILD",
        (VmState.Active, _) => "ACTIVE",
        (VmState.Paused, _) => "PAUSED",
        (VmState.Stopped, _) => "SHUTOFF",
        (VmState.Suspended, _) => "SUSPENDED",
        (VmState.Deleted, _) => "DELETED",
        _ => "ERROR",
    };

    /// <summary>What a <c>status</c> of a filter stands for; null for no such status.</summary>
    /// <returns>The vm_states, and the task state that goes with it; without one any that has no status of its own.</returns>
    public static (VmState[] States, TaskState? Task)? Behind(string status) => status.ToUpperInvariant() switch
    {
        "ACTIVE" => ([VmState.Active], null),
        "PAUSED" => ([VmState.Paused], null),
        "SHUTOFF" => ([VmState.Stopped], null),
        "SUSPENDED" => ([VmState.Suspended], null),
        "ERROR" => ([VmState.Error], null),
        "DELETED" => ([VmState.Deleted], null),
        "BUILD" => ([VmState.Building], null),
        "MIGRATING" => ([VmState.Active, VmState.Paused], TaskState.Migrating),
        "REBOOT" => ([VmState.Active], TaskState.Rebooting),
        "HARD_REBOOT" => ([VmState.Active], TaskState.RebootingHard),
        "PASSWORD" or "REBUILD" or "RESIZE" or "VERIFY_RESIZE" or "REVERT_RESIZE"
            or "RESCUE" or "SOFT_DELETED" or "SHELVED" or "SHELVED_OFFLOADED" or "UNKNOWN" => ([], null),
        _ => null,
    };

    /// <summary>The vm_state behind Nova's word.</summary>
    public static VmState? VmStateOf(string word) =>
        Enum.GetValues<VmState>().Where(state => state.ToNova().Equals(word, StringComparison.Ordinal)).Select(state => (VmState?)state).FirstOrDefault();

    /// <summary>The task state behind Nova's word.</summary>
    public static TaskState? TaskStateOf(string word) =>
        Enum.GetValues<TaskState>().Where(state => state.ToNova().Equals(word, StringComparison.Ordinal)).Select(state => (TaskState?)state).FirstOrDefault();
}
