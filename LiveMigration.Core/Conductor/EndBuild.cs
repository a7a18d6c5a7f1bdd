using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// The end of a build, good or bad: build, instance and action change in one transaction. One that failed on a host which
/// nobody asked for is begun anew on another, as a build of its own, as often as the setting allows.
/// </summary>
public static class EndBuild
{
    /// <param name="BuildId">The build.</param>
    /// <param name="State">What it knows.</param>
    /// <param name="Failure">Why it failed; null when it did not.</param>
    public sealed record Request(int BuildId, BuildInstanceState State, string? Failure) : IRequest<Response>;

    /// <summary>It has ended.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts, ServerSettings settings, IInstanceQueue queue, TimeProvider time) : IRequestHandler<Request, Response>
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
            InstanceBuild? again = null;
            if (request.Failure is null)
            {
                Complete(instance, now);
            }
            else if (await MayBeTriedAgainAsync(db, instance, request.State, ct))
            {
                again = Again(build, request.State, request.Failure, now);
                db.InstanceBuilds.Add(again);
                (instance.Host, instance.UpdatedAt) = ("", now);
            }
            else
            {
                BuildFaults.Note(instance, request.Failure, now);
                instance.Host = "";
                instance.Origin = instance.Origin with { Files = [] };
            }

            instance.TaskState = instance.DeleteRequestedAt is not null ? TaskState.Deleting : again is null ? null : TaskState.Scheduling;
            (build.FinishedAt, build.Reason, build.RetryAt) = (now, request.Failure, null);
            await NoteEventAsync(db, build, request, now, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            if (again is not null)
            {
                queue.EnqueueBuild(again.Id);
            }

            return new Response();
        }

        /// <summary>Whether there is a host left that the scheduler may choose. What was told as an error stays one.</summary>
        private async Task<bool> MayBeTriedAgainAsync(ControlPlaneDbContext db, Instance instance, BuildInstanceState state, CancellationToken ct)
        {
            if (state is not { Host: { } host, RequestedHost: null, Cancelled: false } || state.Refused.Count + 1 >= settings.MaxAttempts
                || instance is not { DeleteRequestedAt: null, VmState: VmState.Building })
            {
                return false;
            }

            var others = await db.ComputeNodes.Where(node => node.Configured && node.Host != host).Select(node => node.Host).ToListAsync(ct);
            return others.Exists(other => !state.Refused.ContainsKey(other));
        }

        private static InstanceBuild Again(InstanceBuild build, BuildInstanceState state, string failure, DateTime now)
        {
            var refused = state.Refused.ToDictionary(StringComparer.Ordinal);
            refused[state.Host!] = failure;
            return new InstanceBuild
            {
                InstanceUuid = build.InstanceUuid,
                RequestId = build.RequestId,
                SagaVersion = build.SagaVersion,
                SagaState = (state with { Host = null, Failure = null, Refused = refused }).ToJson(),
                CreatedAt = now,
            };
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
