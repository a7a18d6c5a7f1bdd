using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Seed step 1, <c>nova.compute.api.API.live_migrate</c>: takes the instance for a move, records it and queues it.
/// Instance, action and migration change in one transaction, or not at all.
/// </summary>
public static class StartLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Host">The destination asked for; null leaves the choice to the scheduler.</param>
    /// <param name="Scheduled">False to go to <paramref name="Host"/> without asking the scheduler (microversion &lt; 2.30, or forced).</param>
    /// <param name="BlockMigration">What to do with local disks.</param>
    /// <param name="DiskOverCommit">Microversion &lt; 2.25: compare disks by their allocated (true) or virtual size (false); null = not asked.</param>
    /// <param name="WaitForChecks">Microversion &lt; 2.34: come back only when all checks have passed, and with their error.</param>
    /// <param name="Caller">Who asks.</param>
    /// <param name="Options">What this move wants otherwise than its source host and the settings; null = nothing.</param>
    /// <param name="MigrationAddress">The address that the memory is to be sent to; null takes the destination's setting.</param>
    public sealed record Request(
        Guid Instance,
        string? Host,
        bool Scheduled,
        BlockMigration BlockMigration,
        bool? DiskOverCommit,
        bool WaitForChecks,
        Caller Caller,
        TransferOverrides? Options = null,
        string? MigrationAddress = null) : IRequest<Response>;

    /// <param name="MigrationId">The migration's integer id.</param>
    public sealed record Response(int MigrationId);

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        SagaRunner<LiveMigrationState> runner,
        LiveMigrationSaga saga,
        IMigrationQueue queue,
        TransferDefaults defaults,
        IIdSource ids,
        TimeProvider time) : IRequestHandler<Request, Response>
    {
        private const string Method = "os-migrateLive";

        private static readonly Func<ControlPlaneDbContext, Guid, CancellationToken, Task<bool>> IsOnTheMove = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db, Guid uuid, CancellationToken ct) =>
                db.Migrations.Any(row => row.InstanceUuid == uuid && row.FinishedAt == null));

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var id = await RecordAsync(request, ct);
            if (!request.WaitForChecks)
            {
                queue.Enqueue(id);
                return new Response(id);
            }

            // The checks are run to their end even if the client hangs up: it may come back and look.
            var result = await runner.RunAsync(id, LiveMigrationSaga.ChecksEnd, CancellationToken.None);
            if (result is SagaResult.Ended { Completed: false, Failure: { } failure })
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            queue.Enqueue(id);
            return new Response(id);
        }

        private async Task<int> RecordAsync(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.FindInstanceAsync(request.Instance, ct) is not { VmState: not VmState.Deleted } instance)
            {
                throw new InstanceNotFound(request.Instance.ToString());
            }

            Guard(instance, request.Caller);
            if (request.Host is { } host && await db.FindNodeAsync(host, ct) is not { Configured: true })
            {
                throw new ComputeHostNotFound(host);
            }

            if (await IsOnTheMove(db, instance.Uuid, ct))
            {
                throw new InstanceInvalidState(instance.Uuid, Method, "task_state", "migrating");
            }

            var options = await ResolveAsync(db, request, instance.Host, ct);
            var now = time.GetUtcNow().UtcDateTime;
            instance.TaskState = TaskState.Migrating;
            instance.UpdatedAt = now;
            db.InstanceActions.Add(Action(request, now));
            var migration = Migration(request, instance, options, now);
            db.Migrations.Add(migration);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return migration.Id;
        }

        private async Task<TransferOptions> ResolveAsync(
            ControlPlaneDbContext db, Request request, string source, CancellationToken ct)
        {
            var options = defaults.Resolve(
                source, (await db.FindNodeAsync(source, ct))?.HypervisorVersion ?? 0, request.Options, request.BlockMigration == BlockMigration.Yes);
            return request.MigrationAddress is { } address && options.Tunnelled
                ? throw new InvalidTransferOptions(
                    $"A tunnelled stream needs no address of its own, but migration_address is '{address}'. Leave it out, or ask with tunnelled false.")
                : options;
        }

        private static void Guard(Instance instance, Caller caller)
        {
            if (instance.Locked && !caller.IsAdmin)
            {
                throw new InstanceIsLocked(instance.Uuid);
            }

            if (instance.VmState is not (VmState.Active or VmState.Paused))
            {
                throw new InstanceInvalidState(instance.Uuid, Method, "vm_state", instance.VmState.ToNova());
            }

            if (instance.TaskState is { } task)
            {
                throw new InstanceInvalidState(instance.Uuid, Method, "task_state", task.ToNova());
            }

            if (instance.LaunchedAt is null)
            {
                throw new InstanceInvalidState(instance.Uuid, Method);
            }
        }

        private static InstanceAction Action(Request request, DateTime now) => new()
        {
            InstanceUuid = request.Instance,
            RequestId = request.Caller.RequestId,
            Action = "live-migration",
            UserId = request.Caller.UserId,
            ProjectId = request.Caller.ProjectId,
            StartTime = now,
            UpdatedAt = now,
        };

        private Migration Migration(Request request, Instance instance, TransferOptions options, DateTime now)
        {
            var uuid = ids.NewGuid();
            var state = new LiveMigrationState
            {
                Instance = instance.Uuid,
                Migration = uuid,
                RequestId = request.Caller.RequestId,
                Source = instance.Host,
                RequestedHost = request.Host,
                Scheduled = request.Scheduled,
                BlockMigration = request.BlockMigration,
                DiskOverCommit = request.DiskOverCommit,
                Options = options,
                MigrationAddress = request.MigrationAddress,
                ClientWaits = request.WaitForChecks,
            };
            return new Migration
            {
                Uuid = uuid,
                InstanceUuid = instance.Uuid,
                RequestId = request.Caller.RequestId,
                SourceCompute = instance.Host,
                UserId = request.Caller.UserId,
                ProjectId = request.Caller.ProjectId,
                CreatedAt = now,
                UpdatedAt = now,
                SagaVersion = saga.Version,
                SagaState = state.ToJson(),
                // While the client waits the request itself drives it; the recovery pass takes over only if that dies.
                RetryAt = request.WaitForChecks ? now + TimeSpan.FromSeconds(30) : null,
            };
        }
    }
}
