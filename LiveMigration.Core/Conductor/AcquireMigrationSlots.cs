using LiveMigration.Core.Actions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Seed step 6, its beginning: status queued, then preparing as soon as source, destination and the whole have a free
/// slot. First come, first served among those that fit.
/// </summary>
public static class AcquireMigrationSlots
{
    /// <param name="MigrationId">The migration.</param>
    /// <param name="State">The migration so far.</param>
    public sealed record Request(int MigrationId, LiveMigrationState State) : IRequest<Response>;

    /// <summary>It has its slots; they are given back when it ends.</summary>
    public sealed record Response;

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts, InstanceActionLog actions, LiveMigrationSettings settings, TimeProvider time)
        : IRequestHandler<Request, Response>
    {
        private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await actions.StartAsync(request.State.RequestId, "compute_live_migration", request.State.Source, ct);
            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var migration = await db.MigrationAsync(request.MigrationId, ct);
            if (migration.Status is MigrationStatus.Accepted)
            {
                migration.MoveTo(MigrationStatus.Queued, Now());
            }

            await db.SaveChangesAsync(ct);
            var wait = migration.Status is MigrationStatus.Queued
                ? (await MigrationSlots.PlaceOfAsync(db, migration.Id, settings, ct))?.Wait
                : null;
            if (wait is null && migration.Status is MigrationStatus.Queued)
            {
                migration.MoveTo(MigrationStatus.Preparing, Now());
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return wait is null ? new Response() : throw new StepNotReady(wait, AskAgain);
        }

        private DateTime Now() => time.GetUtcNow().UtcDateTime;
    }
}
