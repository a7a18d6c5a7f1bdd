using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Power;

/// <summary>
/// <c>os-resetState</c>: an operator says what an instance is to be called, and that nothing is being done to it. Touches
/// neither its guest nor its migration.
/// </summary>
public static class ResetState
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Error">True for ERROR, false for ACTIVE.</param>
    /// <param name="Caller">Who says so.</param>
    public sealed record Request(Guid Instance, bool Error, Caller Caller) : IRequest<Response>;

    /// <summary>It is called so.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleOrDefaultAsync(
                row => row.Uuid == request.Instance && row.VmState != VmState.Deleted, ct)
                ?? throw new InstanceNotFound(request.Instance.ToString());
            var now = time.GetUtcNow().UtcDateTime;
            instance.HeldInError = request.Error;
            instance.VmState = request.Error ? VmState.Error : VmState.Active;
            instance.TaskState = instance.DeleteRequestedAt is null ? null : TaskState.Deleting;
            instance.UpdatedAt = now;
            await db.PowerTasks.Where(task => task.InstanceUuid == instance.Uuid).ExecuteDeleteAsync(ct);
            db.InstanceActions.Add(new InstanceAction
            {
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                Action = "resetState",
                UserId = request.Caller.UserId,
                ProjectId = request.Caller.ProjectId,
                StartTime = now,
                UpdatedAt = now,
            });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new Response();
        }
    }
}
