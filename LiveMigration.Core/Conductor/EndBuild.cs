using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>The end of a build, good or bad: build, instance and action change in one transaction.</summary>
public static class EndBuild
{
    /// <param name="BuildId">The build.</param>
    /// <param name="State">What it knows.</param>
    /// <param name="Failure">Why it failed; null when it did not.</param>
    public sealed record Request(int BuildId, BuildInstanceState State, string? Failure) : IRequest<Response>;

    /// <summary>It has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var now = time.GetUtcNow().UtcDateTime;
            var build = await db.InstanceBuilds.SingleAsync(row => row.Id == request.BuildId, ct);
            if (build.FinishedAt is not null)
            {
                return new Response();
            }

            var instance = await db.Instances.SingleAsync(row => row.Uuid == request.State.Instance, ct);
            if (request.Failure is null)
            {
                Complete(instance, now);
            }
            else
            {
                BuildFaults.Note(instance, request.Failure, now);
                instance.Host = "";
                instance.Origin = instance.Origin with { Files = [] };
            }

            instance.TaskState = instance.DeleteRequestedAt is null ? null : TaskState.Deleting;
            (build.FinishedAt, build.Reason, build.RetryAt) = (now, request.Failure, null);
            await NoteEventAsync(db, build, request, now, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new Response();
        }

        private static void Complete(Instance instance, DateTime now)
        {
            instance.VmState = VmState.Active;
            instance.PowerState = PowerState.Running;
            instance.LaunchedAt = now;
            instance.UpdatedAt = now;
            (instance.FaultCode, instance.FaultMessage, instance.FaultAt) = (null, null, null);
        }

        private static async Task NoteEventAsync(
            ControlPlaneDbContext db, InstanceBuild build, Request request, DateTime now, CancellationToken ct)
        {
            var action = await db.InstanceActions.SingleOrDefaultAsync(
                row => row.InstanceUuid == build.InstanceUuid && row.RequestId == build.RequestId, ct);
            if (action is null)
            {
                return;
            }

            action.UpdatedAt = now;
            action.Message = request.Failure is null ? null : "Error";
            db.InstanceActionEvents.Add(new InstanceActionEvent
            {
                ActionId = action.Id,
                Event = request.State.Host is null ? "conductor_build_instances" : "compute__do_build_and_run_instance",
                Host = request.State.Host ?? "",
                StartTime = build.CreatedAt,
                FinishTime = now,
                Result = request.Failure is null ? "Success" : "Error",
                Details = request.Failure is { Length: > 2000 } text ? text[..2000] : request.Failure,
            });
        }
    }
}
