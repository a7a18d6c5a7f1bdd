using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// The end of every migration, good or bad: status, instance and claim change in one transaction, and those that waited
/// for its slots are called.
/// </summary>
internal sealed class MigrationEnd(
    IDbContextFactory<ControlPlaneDbContext> contexts, IMigrationQueue queue, EndedMoves ended, TimeProvider time)
{
    private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<int>> Waiting = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db) => db.Migrations
            .Where(row => row.FinishedAt == null && row.Status == MigrationStatus.Queued && row.LeaseOwner == null)
            .OrderBy(row => row.Id)
            .Select(row => row.Id));

    public async Task WriteAsync(int migrationId, MigrationStatus status, string? reason, Action<Instance> settle, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        Guid moved;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            var migration = await db.MigrationAsync(migrationId, ct);
            var instance = (await db.FindInstanceAsync(migration.InstanceUuid, ct))!;
            moved = instance.Uuid;
            migration.MoveTo(status, now);
            migration.Reason = reason is { Length: > 2000 } ? reason[..2000] : reason;
            migration.NeedsAttention = false;
            migration.RetryAt = null;
            instance.TaskState = instance.DeleteRequestedAt is null ? null : TaskState.Deleting;
            instance.Progress = 0;
            instance.UpdatedAt = now;
            settle(instance);
            await db.ReleaseClaimsAsync(migrationId, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        ended.Tell(moved);
        foreach (var waiting in await Waiting(db).ToListAsync(ct))
        {
            queue.Enqueue(waiting);
        }
    }
}
