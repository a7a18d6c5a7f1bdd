using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>Nova's words for an instance's states.</summary>
internal static class ServerWords
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
        TaskState.Migrating => "migrating",
        TaskState.Scheduling => "scheduling",
        TaskState.Spawning => "spawning",
        TaskState.Deleting => "deleting",
        _ => "unknown",
    };

    /// <summary>The API's <c>status</c>: made of both.</summary>
    public static string Status(VmState vm, TaskState? task) => (vm, task) switch
    {
        (VmState.Active or VmState.Paused, TaskState.Migrating) => "MIGRATING",
        (VmState.Building, _) => "BUILD",
        (VmState.Active, _) => "ACTIVE",
        (VmState.Paused, _) => "PAUSED",
        (VmState.Stopped, _) => "SHUTOFF",
        (VmState.Suspended, _) => "SUSPENDED",
        (VmState.Deleted, _) => "DELETED",
        _ => "ERROR",
    };

    /// <summary>The vm_states behind a <c>status</c> of a filter, and whether only migrating ones; null for no such status.</summary>
    public static (VmState[] States, bool Migrating)? Behind(string status) => status.ToUpperInvariant() switch
    {
        "ACTIVE" => ([VmState.Active], false),
        "PAUSED" => ([VmState.Paused], false),
        "SHUTOFF" => ([VmState.Stopped], false),
        "SUSPENDED" => ([VmState.Suspended], false),
        "ERROR" => ([VmState.Error], false),
        "DELETED" => ([VmState.Deleted], false),
        "MIGRATING" => ([VmState.Active, VmState.Paused], true),
        "BUILD" => ([VmState.Building], false),
        "REBOOT" or "HARD_REBOOT" or "PASSWORD" or "REBUILD" or "RESIZE" or "VERIFY_RESIZE" or "REVERT_RESIZE"
            or "RESCUE" or "SOFT_DELETED" or "SHELVED" or "SHELVED_OFFLOADED" or "UNKNOWN" => ([], false),
        _ => null,
    };

    /// <summary>The vm_state behind Nova's word.</summary>
    public static VmState? VmStateOf(string word) =>
        Enum.GetValues<VmState>().Where(state => state.ToNova().Equals(word, StringComparison.Ordinal)).Select(state => (VmState?)state).FirstOrDefault();
}
