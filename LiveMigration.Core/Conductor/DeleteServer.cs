using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Records that a server is to go, and queues it. What is being done to it, its making or a move, is asked to end first.
/// A second request changes nothing.
/// </summary>
public static class DeleteServer
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, Caller Caller) : IRequest<Response>;

    /// <summary>It will go.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        IInstanceQueue queue,
        IMigrationQueue migrations,
        SteeringRequests steering,
        TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleOrDefaultAsync(
                row => row.Uuid == request.Instance && row.VmState != VmState.Deleted, ct)
                ?? throw new InstanceNotFound(request.Instance.ToString());
            if (instance.Locked && !request.Caller.IsAdmin)
            {
                throw new InstanceIsLocked(instance.Uuid);
            }

            var now = time.GetUtcNow().UtcDateTime;
            if (instance.DeleteRequestedAt is null)
            {
                (instance.DeleteRequestedAt, instance.DeleteRequestId) = (now, request.Caller.RequestId);
                (instance.TaskState, instance.UpdatedAt) = (TaskState.Deleting, now);
                db.InstanceActions.Add(Action(request, now));
            }

            await db.PowerTasks.Where(task => task.InstanceUuid == instance.Uuid).ExecuteDeleteAsync(ct);
            var moves = await db.Migrations.Where(row => row.InstanceUuid == instance.Uuid && row.FinishedAt == null).ToListAsync(ct);
            moves.ForEach(move => move.AbortRequestedAt ??= now);
            var builds = await db.InstanceBuilds.Where(row => row.InstanceUuid == instance.Uuid && row.FinishedAt == null).ToListAsync(ct);
            builds.ForEach(build => build.AbortRequestedAt ??= now);
            await db.SaveChangesAsync(ct);
            await steering.TellAfterAsync(() => transaction.CommitAsync(ct));

            // One that waits has no driver that would notice.
            moves.ForEach(move => migrations.Enqueue(move.Id));
            builds.ForEach(build => queue.EnqueueBuild(build.Id));
            queue.EnqueueDeletion(instance.Uuid);
            return new Response();
        }

        private static InstanceAction Action(Request request, DateTime now) => new()
        {
            InstanceUuid = request.Instance,
            RequestId = request.Caller.RequestId,
            Action = "delete",
            UserId = request.Caller.UserId,
            ProjectId = request.Caller.ProjectId,
            StartTime = now,
            UpdatedAt = now,
        };
    }
}
