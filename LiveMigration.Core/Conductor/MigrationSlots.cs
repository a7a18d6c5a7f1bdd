using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Reads from the records who moves and who waits. The queue is the table: it survives everything.</summary>
public static class MigrationSlots
{
    private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<Move>> Open = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db) => db.Migrations
            .Where(row => row.FinishedAt == null && row.DestCompute != null && row.Status != MigrationStatus.Accepted)
            .Select(row => new Move(row.Id, row.Status == MigrationStatus.Queued, row.SourceCompute, row.DestCompute!)));

    /// <summary>The place of a migration that is queued, see <see cref="SlotAllocation"/>; null when it is not.</summary>
    public static async Task<SlotAllocation.Place?> PlaceOfAsync(
        ControlPlaneDbContext db, int migrationId, LiveMigrationSettings settings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var open = await Open(db).ToListAsync(ct);
        var moves = open.ToLookup(row => row.Queued, row => new SlotAllocation.Move(row.Id, row.Source, row.Destination));
        return SlotAllocation.Of(moves[false], moves[true], migrationId, settings);
    }

    private sealed record Move(int Id, bool Queued, string Source, string Destination);
}
