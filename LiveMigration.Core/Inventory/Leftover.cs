using LiveMigration.Core.Compute;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Inventory;

/// <summary>Something that a migration may have left on a host, and that is tried again with the host's signs of life and sweeps.</summary>
/// <param name="MigrationId">The migration.</param>
/// <param name="Instance">Its instance.</param>
/// <param name="Host">The host to be tidied.</param>
/// <param name="Reason">What is left, or why it could not be removed, for the operator.</param>
/// <param name="Since">When it was noted, UTC.</param>
public sealed record Leftover(int MigrationId, Guid Instance, string Host, string Reason, DateTime Since)
{
    /// <summary>All of them, oldest first. The probe of a migration that goes on is none.</summary>
    public static async Task<IReadOnlyList<Leftover>> ListAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var pending = await db.PendingCleanups.AsNoTracking()
            .Select(row => new Leftover(row.MigrationId, row.InstanceUuid, row.Host, row.Reason, row.CreatedAt))
            .ToListAsync(ct);
        var probes = await (
            from probed in db.ProbedFolders
            join migration in db.Migrations on probed.MigrationId equals migration.Id
            where migration.FinishedAt != null
            select new { migration.Id, migration.InstanceUuid, migration.Uuid, migration.FinishedAt, probed.Host, probed.Folder })
            .ToListAsync(ct);
        return
        [
            .. pending
                .Concat(probes.GroupBy(row => (row.Id, row.Host)).Select(probe => new Leftover(
                    probe.Key.Id,
                    probe.First().InstanceUuid,
                    probe.Key.Host,
                    $"{string.Join(" and ", probe.Select(row => row.Folder))} may hold the empty file {ProbeFiles.NameOf(probe.First().Uuid)}.",
                    probe.First().FinishedAt!.Value)))
                .OrderBy(left => left.Since),
        ];
    }
}
