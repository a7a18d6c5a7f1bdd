using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>The end of a removal: record, action and membership change in one transaction.</summary>
public static class EndDeletion
{
    /// <param name="Instance">The instance; nothing of it is on any host any more.</param>
    public sealed record Request(Guid Instance) : IRequest<Response>;

    /// <summary>It has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleAsync(row => row.Uuid == request.Instance, ct);
            if (instance.VmState == VmState.Deleted)
            {
                return new Response();
            }

            var now = time.GetUtcNow().UtcDateTime;
            (instance.VmState, instance.TaskState, instance.PowerState) = (VmState.Deleted, null, PowerState.NoState);
            (instance.DeletedAt, instance.UpdatedAt) = (now, now);
            if (await db.InstanceActions.SingleOrDefaultAsync(row => row.InstanceUuid == request.Instance && row.RequestId == instance.DeleteRequestId, ct) is { } action)
            {
                action.UpdatedAt = now;
                db.InstanceActionEvents.Add(new InstanceActionEvent
                {
                    ActionId = action.Id,
                    Event = "compute_terminate_instance",
                    Host = instance.Host,
                    StartTime = action.StartTime,
                    FinishTime = now,
                    Result = "Success",
                });
            }

            await db.ServerGroupMembers.Where(member => member.InstanceUuid == request.Instance).ExecuteDeleteAsync(ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new Response();
        }
    }
}
