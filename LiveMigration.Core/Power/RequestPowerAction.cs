using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Power;

/// <summary>
/// Takes an instance for a power action: Nova's guards, the task state, the action's record and the task in one
/// transaction, or nothing. The work is done in the background.
/// </summary>
public static class RequestPowerAction
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Action">What shall be done.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, PowerAction Action, Caller Caller) : IRequest<Response>;

    /// <param name="TaskId">The task's id.</param>
    public sealed record Response(int TaskId);

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, IPowerQueue queue, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var id = await RecordAsync(request, ct);
            queue.Enqueue(id);
            return new Response(id);
        }

        private async Task<int> RecordAsync(Request request, CancellationToken ct)
        {
            var rule = PowerRules.Of(request.Action);
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleOrDefaultAsync(
                row => row.Uuid == request.Instance && row.VmState != VmState.Deleted, ct)
                ?? throw new InstanceNotFound(request.Instance.ToString());
            Guard(instance, rule, request.Caller);
            await RefuseUnderWayAsync(db, instance, rule, ct);

            // What a hard reboot breaks into is over: its own task finds its row gone.
            await db.PowerTasks.Where(task => task.InstanceUuid == instance.Uuid).ExecuteDeleteAsync(ct);
            var now = time.GetUtcNow().UtcDateTime;
            instance.TaskState = rule.During;
            instance.UpdatedAt = now;
            var task = new PowerTask
            {
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                Action = request.Action,
                Host = instance.Host,
                CreatedAt = now,
            };
            db.PowerTasks.Add(task);
            db.InstanceActions.Add(new InstanceAction
            {
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                Action = rule.Name,
                UserId = request.Caller.UserId,
                ProjectId = request.Caller.ProjectId,
                StartTime = now,
                UpdatedAt = now,
            });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return task.Id;
        }

        private static void Guard(Instance instance, PowerRule rule, Caller caller)
        {
            if (instance.Locked && !caller.IsAdmin)
            {
                throw new InstanceIsLocked(instance.Uuid);
            }

            if (!rule.From.Contains(instance.VmState))
            {
                throw new InstanceInvalidState(instance.Uuid, rule.Name, "vm_state", instance.VmState.ToNova());
            }

            if (instance.TaskState is { } task && !rule.BreaksInto.Contains(task))
            {
                throw new InstanceInvalidState(instance.Uuid, rule.Name, "task_state", task.ToNova());
            }

            if (rule.MustHaveRun && instance.LaunchedAt is null)
            {
                throw new InstanceInvalidState(instance.Uuid, rule.Name);
            }
        }

        /// <summary>
        /// A reset of the state may have freed an instance whose transfer goes on: that one is still the migration's. One
        /// that has arrived is its owner's, even while its migration tidies up.
        /// </summary>
        private static async Task RefuseUnderWayAsync(ControlPlaneDbContext db, Instance instance, PowerRule rule, CancellationToken ct)
        {
            if (await db.Migrations.AnyAsync(
                row => row.InstanceUuid == instance.Uuid && row.FinishedAt == null && row.DestCompute != instance.Host, ct))
            {
                throw new InstanceInvalidState(instance.Uuid, rule.Name, "task_state", TaskState.Migrating.ToNova());
            }
        }
    }
}
