using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>Lists what a migration may have left on a host that does not answer, once per host.</summary>
internal sealed class CleanupNotes(IDbContextFactory<ControlPlaneDbContext> contexts, UntidyHosts untidy, TimeProvider time)
{
    public async Task NoteAsync(int migrationId, Guid instance, string host, string reason, CancellationToken ct)
    {
        untidy.Add(host);
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.PendingCleanups.AnyAsync(row => row.MigrationId == migrationId && row.Host == host, ct))
        {
            return;
        }

        db.PendingCleanups.Add(new PendingCleanup
        {
            MigrationId = migrationId,
            InstanceUuid = instance,
            Host = host,
            Reason = reason,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
        await db.SaveChangesAsync(ct);
    }
}
