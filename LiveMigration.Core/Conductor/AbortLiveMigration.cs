using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Takes a migration back, as long as the guest has not switched over.</summary>
public static class AbortLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Migration">The migration's integer id, as the caller wrote it.</param>
    /// <param name="AlsoQueued">Microversion ≥ 2.65: legal before the transfer too. Nova refuses it while accepted; we don't (known problem 21).</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, string Migration, bool AlsoQueued, Caller Caller) : IRequest<Response>;

    /// <summary>Accepted; the outcome is the migration's status.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts, IMigrationQueue queue, SteeringRequests steering, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await SteeringGuards.FindMigratingAsync(
                db, request.Instance, request.Caller, "abort live migration", onlyActive: false, ct);
            var migration = await SteeringGuards.FindMigrationAsync(db, request.Instance, request.Migration, ct);
            var legal = migration.Status == MigrationStatus.Running
                || (request.AlsoQueued && migration.Status is MigrationStatus.Accepted or MigrationStatus.Queued or MigrationStatus.Preparing);
            if (!legal)
            {
                throw new InvalidMigrationState(migration.Id, instance.Uuid, migration.Status.ToNova(), "abort live migration");
            }

            var now = time.GetUtcNow().UtcDateTime;
            migration.AbortRequestedAt ??= now;
            db.InstanceActions.Add(SteeringGuards.Action(
                "live_migration_cancel", "compute_live_migration_abort", instance.Uuid, instance.Host, request.Caller, now));
            await db.SaveChangesAsync(ct);
            await steering.TellAfterAsync(() => transaction.CommitAsync(ct));

            // One that waits in the queue has no driver that would notice.
            queue.Enqueue(migration.Id);
            return new Response();
        }
    }
}
