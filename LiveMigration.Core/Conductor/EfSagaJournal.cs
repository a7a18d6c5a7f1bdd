using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Journal, state and lease of live migrations, on the migration's row and in the journal table.</summary>
internal sealed class EfSagaJournal(
    IDbContextFactory<ControlPlaneDbContext> contexts, ControllerIdentity me, LiveMigrationSaga saga, TimeProvider time)
    : ISagaJournal<LiveMigrationState>
{
    private static readonly TimeSpan LeaseLasts = 3 * SagaRunner<LiveMigrationState>.RenewEvery;

    public async Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = Now();
        var taken = await db.Migrations
            .Where(row => row.Id == id && row.FinishedAt == null && (row.LeaseOwner == null || row.LeaseExpiresAt < now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.LeaseOwner, me.Name)
                    .SetProperty(row => row.LeaseExpiresAt, now + LeaseLasts)
                    .SetProperty(row => row.Epoch, row => row.Epoch + 1)
                    .SetProperty(row => row.RetryAt, (DateTime?)null)
                    .SetProperty(row => row.NeedsAttention, false)
                    .SetProperty(row => row.Reason, (string?)null),
                ct);
        if (taken == 0)
        {
            return null;
        }

        var migration = await db.Migrations.AsNoTracking().SingleAsync(row => row.Id == id, ct);
        var run = new SagaRun(id, migration.Epoch);
        if (migration.SagaVersion != saga.Version)
        {
            var unknown = new UnknownSagaVersion(id, migration.SagaVersion, saga.Version);
            await ReleaseAsync(run, now + SagaRunner<LiveMigrationState>.LongestWait, new SagaAttention(unknown.Message, NeedsHelp: true), ct);
            throw unknown;
        }

        return run;
    }

    public async Task<bool> RenewAsync(SagaRun run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var expires = Now() + LeaseLasts;
        return await Ours(db, run).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseExpiresAt, expires), ct) == 1;
    }

    public async Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await Ours(db, run).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.LeaseOwner, (string?)null)
                .SetProperty(row => row.LeaseExpiresAt, (DateTime?)null),
            ct);

        // What a migration ended with stays; only one that waits gets the reason of its wait.
        await db.Migrations.Where(row => row.Id == run.Id && row.Epoch == run.Epoch && row.FinishedAt == null).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.RetryAt, retryAt)
                .SetProperty(row => row.Reason, attention == null ? null : Cut(attention.Reason))
                .SetProperty(row => row.NeedsAttention, attention != null && attention.NeedsHelp),
            ct);
    }

    public async Task<SagaSnapshot<LiveMigrationState>> LoadAsync(SagaRun run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var row = await db.Migrations.AsNoTracking()
            .Where(row => row.Id == run.Id)
            .Select(row => new { row.SagaState, row.AbortRequestedAt })
            .SingleAsync(ct);
        var journal = await db.Journal.AsNoTracking()
            .Where(line => line.MigrationId == run.Id)
            .OrderBy(line => line.Sequence)
            .Select(line => new JournalEntry(line.Step, line.Kind, line.Reason))
            .ToListAsync(ct);
        return new(LiveMigrationState.FromJson(row.SagaState), journal, row.AbortRequestedAt is not null);
    }

    public async Task<SagaSnapshot<LiveMigrationState>> AppendAsync(
        SagaRun run, SagaSnapshot<LiveMigrationState> saga, IReadOnlyList<JournalEntry> entries, LiveMigrationState state, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var json = state.ToJson();
        if (await Ours(db, run).ExecuteUpdateAsync(set => set.SetProperty(row => row.SagaState, json), ct) == 0)
        {
            throw new LeaseLost(run.Id, run.Epoch);
        }

        var now = Now();
        db.Journal.AddRange(entries.Select((entry, index) => new JournalRow
        {
            MigrationId = run.Id,
            Sequence = saga.Journal.Count + 1 + index,
            Step = entry.Step,
            Kind = entry.Kind,
            Reason = Cut(entry.Reason),
            Epoch = run.Epoch,
            At = now,
        }));
        await db.SaveChangesAsync(ct);
        var abort = await db.Migrations.Where(row => row.Id == run.Id).Select(row => row.AbortRequestedAt != null).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return new(state, [.. saga.Journal, .. entries], abort);
    }

    private IQueryable<Migration> Ours(ControlPlaneDbContext db, SagaRun run) =>
        db.Migrations.Where(row => row.Id == run.Id && row.Epoch == run.Epoch && row.LeaseOwner == me.Name);

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;
}
