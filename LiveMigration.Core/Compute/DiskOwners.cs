using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>What stands at a destination where a file is to be, and whose it is.</summary>
/// <param name="Image">The file; null when there is none.</param>
/// <param name="Ours">True when this migration has marked it.</param>
/// <param name="Dead">Migrations that have marked it and are over.</param>
/// <param name="Needed">Migrations that have marked it and whose guest has left its source, but have something left to tidy: their marks say that what their source keeps has been copied.</param>
/// <param name="Others">Migrations that have marked it and are not known to be over.</param>
internal sealed record FoundFile(
    DiskImage? Image, bool Ours, IReadOnlyList<Guid> Dead, IReadOnlyList<Guid> Needed, IReadOnlyList<Guid> Others)
{
    /// <summary>A file that no migration has marked.</summary>
    public bool IsForeign => Image is not null && !Ours && Dead.Count == 0 && Needed.Count == 0 && Others.Count == 0;
}

/// <summary>Tells whose a file is that is found at a destination: by the marks beside it, and what the records say of their migrations.</summary>
internal sealed class DiskOwners(IDiskImages images, IDbContextFactory<ControlPlaneDbContext> contexts)
{
    public async Task<FoundFile> LookAsync(Guid migration, string host, DiskFile file, CancellationToken ct)
    {
        var names = await images.ListAsync(host, file.Folder, DiskMarks.Prefix, ct);
        var owners = DiskMarks.OwnersOf(file, names);
        var others = owners.Where(owner => owner != migration).ToList();
        var over = others.Count == 0 ? [] : await OverAsync(others, ct);
        return new FoundFile(
            await images.FindAsync(host, file.Path, ct),
            owners.Contains(migration),
            [.. over.Where(one => !one.IsNeeded).Select(one => one.Migration)],
            [.. over.Where(one => one.IsNeeded).Select(one => one.Migration)],
            [.. others.Except(over.Select(one => one.Migration))]);
    }

    // A migration without a record is another controller's, and not ours to call dead.
    private async Task<IReadOnlyList<Over>> OverAsync(List<Guid> migrations, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var over = await db.Migrations.AsNoTracking()
            .Where(row => migrations.Contains(row.Uuid) && row.FinishedAt != null)
            .Select(row => new
            {
                row.Uuid,
                row.Status,
                row.SagaState,
                HasMoreToTidy = db.PendingCleanups.Any(cleanup => cleanup.MigrationId == row.Id),
            })
            .ToListAsync(ct);
        return [.. over.Select(row => new Over(
            row.Uuid, row.HasMoreToTidy && (row.Status == MigrationStatus.Completed || RecordedLoss.IsIn(row.SagaState))))];
    }

    private sealed record Over(Guid Migration, bool IsNeeded);
}
