using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// A controller may die after a migration was recorded as ended and before its journal says so. Nobody drives such a
/// migration again, so its end is told at the next start: perhaps for the second time, under the same id.
/// </summary>
internal sealed class UntoldEnds(
    IDbContextFactory<ControlPlaneDbContext> contexts,
    NotificationPlan plan,
    MigrationNotifier notifier,
    NotificationSettings settings,
    TimeProvider time)
{
    public async Task TellAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var since = time.GetUtcNow().UtcDateTime.AddHours(-settings.KeepHours);
        var ended = await db.Migrations.AsNoTracking()
            .Where(row => row.FinishedAt > since && !db.Journal.Any(line =>
                line.MigrationId == row.Id && (line.Kind == JournalKind.Completed || line.Kind == JournalKind.Unwound)))
            .OrderBy(row => row.FinishedAt)
            .ToListAsync(ct);
        foreach (var migration in ended)
        {
            await TellAsync(db, migration, ct);
        }
    }

    private async Task TellAsync(ControlPlaneDbContext db, Migration migration, CancellationToken ct)
    {
        var journal = await db.Journal.AsNoTracking()
            .Where(line => line.MigrationId == migration.Id)
            .OrderBy(line => line.Sequence)
            .Select(line => new JournalEntry(line.Step, line.Kind, line.Reason))
            .ToListAsync(ct);
        var due = plan.AtEnd(journal, LiveMigrationState.FromJson(migration.SagaState));
        await notifier.NotifyAsync(migration.Id, due, ct);
    }
}
