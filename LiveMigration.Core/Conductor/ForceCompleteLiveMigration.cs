using LiveMigration.Core.Compute;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Brings a running migration to its end: by post-copy where permitted, else by pausing the guest. Asked for again it
/// changes nothing.
/// </summary>
public static class ForceCompleteLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Migration">The migration's integer id, as the caller wrote it.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, string Migration, Caller Caller) : IRequest<Response>;

    /// <summary>Accepted; the outcome is the migration's status.</summary>
    public sealed record Response;

    internal sealed class Handler(IDbContextFactory<ControlPlaneDbContext> contexts, SteeringRequests steering, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await SteeringGuards.FindMigratingAsync(
                db, request.Instance, request.Caller, "force_complete", onlyActive: true, ct);
            var migration = await SteeringGuards.FindMigrationAsync(db, request.Instance, request.Migration, ct);
            var again = migration is { Status: MigrationStatus.RunningPostCopy, ForceCompleteRequestedAt: not null };
            if (migration.Status != MigrationStatus.Running && !again)
            {
                throw new InvalidMigrationState(migration.Id, instance.Uuid, migration.Status.ToNova(), "force complete");
            }

            var now = time.GetUtcNow().UtcDateTime;
            migration.ForceCompleteRequestedAt ??= now;
            db.InstanceActions.Add(SteeringGuards.Action(
                "live_migration_force_complete", "compute_live_migration_force_complete", instance.Uuid, instance.Host, request.Caller, now));
            await db.SaveChangesAsync(ct);
            await steering.TellAfterAsync(() => transaction.CommitAsync(ct));
            return new Response();
        }
    }
}
