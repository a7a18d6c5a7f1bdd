using System.Globalization;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>What abort and force-complete check alike, in Nova's order: instance, lock, state, migration, status.</summary>
internal static class SteeringGuards
{
    public static async Task<Instance> FindMigratingAsync(
        ControlPlaneDbContext db, Guid uuid, Caller caller, string method, bool onlyActive, CancellationToken ct)
    {
        var instance = await db.Instances.SingleOrDefaultAsync(row => row.Uuid == uuid && row.VmState != VmState.Deleted, ct)
            ?? throw new InstanceNotFound(uuid.ToString());
        if (instance.Locked && !caller.IsAdmin)
        {
            throw new InstanceIsLocked(uuid);
        }

        if (onlyActive && instance.VmState != VmState.Active)
        {
            throw new InstanceInvalidState(uuid, method, "vm_state", instance.VmState.ToNova());
        }

        return instance.TaskState switch
        {
            TaskState.Migrating => instance,
            { } other => throw new InstanceInvalidState(uuid, method, "task_state", other.ToNova()),
            // Nova looks no further. But a reset of the state ends no move, and it must still be possible to stop it.
            null when await db.Migrations.AnyAsync(row => row.InstanceUuid == uuid && row.FinishedAt == null, ct) => instance,
            null => throw new InstanceInvalidState(uuid, method),
        };
    }

    public static async Task<Migration> FindMigrationAsync(ControlPlaneDbContext db, Guid instance, string id, CancellationToken ct) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await db.Migrations.SingleOrDefaultAsync(row => row.Id == number && row.InstanceUuid == instance, ct) is { } migration
            ? migration
            : throw new MigrationNotFound(id, instance);

    /// <summary>The action of its own that the request is recorded as, with its one event: it was taken.</summary>
    public static InstanceAction Action(string action, string name, Guid instance, string host, Caller caller, DateTime now)
    {
        var row = new InstanceAction
        {
            InstanceUuid = instance,
            RequestId = caller.RequestId,
            Action = action,
            UserId = caller.UserId,
            ProjectId = caller.ProjectId,
            StartTime = now,
            UpdatedAt = now,
        };
        row.Events.Add(new InstanceActionEvent { Event = name, Host = host, StartTime = now, FinishTime = now, Result = "Success" });
        return row;
    }
}
