using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Journal, state and lease of live migrations, on the migration's row and in the journal table. What each step of each
/// move writes is plain SQL: see docs/decisions/0023.
/// </summary>
internal sealed class EfSagaJournal(
    IDbContextFactory<ControlPlaneDbContext> contexts, ControllerIdentity me, LiveMigrationSaga saga, TimeProvider time)
    : ISagaJournal<LiveMigrationState>
{
    private static readonly TimeSpan LeaseLasts = 3 * SagaRunner<LiveMigrationState>.RenewEvery;

    private static readonly Func<ControlPlaneDbContext, int, CancellationToken, Task<bool>> IsAbortRequested = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id, CancellationToken ct) =>
            db.Migrations.Where(row => row.Id == id).Select(row => row.AbortRequestedAt != null).Single());

    private static readonly Func<ControlPlaneDbContext, int, CancellationToken, Task<Taken>> TakenById = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id, CancellationToken ct) =>
            db.Migrations.Where(row => row.Id == id).Select(row => new Taken(row.Epoch, row.SagaVersion)).Single());

    private static readonly Func<ControlPlaneDbContext, int, CancellationToken, Task<Stored>> StateOf = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id, CancellationToken ct) =>
            db.Migrations.Where(row => row.Id == id).Select(row => new Stored(row.SagaState, row.AbortRequestedAt)).Single());

    private static readonly Func<ControlPlaneDbContext, int, IAsyncEnumerable<JournalEntry>> LinesOf = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id) => db.Journal
            .Where(line => line.MigrationId == id)
            .OrderBy(line => line.Sequence)
            .Select(line => new JournalEntry(line.Step, line.Kind, line.Reason)));

    public async Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = Now();
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE migrations SET
                LeaseOwner = {me.Name},
                LeaseExpiresAt = {now + LeaseLasts},
                Epoch = Epoch + 1,
                RetryAt = NULL,
                NeedsAttention = 0,
                Reason = NULL
            WHERE Id = {id} AND FinishedAt IS NULL AND (LeaseOwner IS NULL OR LeaseExpiresAt < {now})
            """,
            ct);
        if (taken == 0)
        {
            return null;
        }

        var migration = await TakenById(db, id, ct);
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
        return await db.Database.ExecuteSqlAsync(
            $"UPDATE migrations SET LeaseExpiresAt = {Now() + LeaseLasts} WHERE Id = {run.Id} AND Epoch = {run.Epoch} AND LeaseOwner = {me.Name}",
            ct) == 1;
    }

    public async Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        // What a migration ended with stays; only one that waits gets the reason of its wait.
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE migrations SET LeaseOwner = NULL, LeaseExpiresAt = NULL
            WHERE Id = {run.Id} AND Epoch = {run.Epoch} AND LeaseOwner = {me.Name};
            UPDATE migrations SET RetryAt = {retryAt}, Reason = {Cut(attention?.Reason)}, NeedsAttention = {attention is { NeedsHelp: true }}
            WHERE Id = {run.Id} AND Epoch = {run.Epoch} AND FinishedAt IS NULL;
            """,
            ct);
    }

    public async Task<SagaSnapshot<LiveMigrationState>> LoadAsync(SagaRun run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var row = await StateOf(db, run.Id, ct);
        var journal = await LinesOf(db, run.Id).ToListAsync(ct);
        return new(LiveMigrationState.FromJson(row.SagaState), journal, row.AbortRequestedAt is not null);
    }

    public async Task<SagaSnapshot<LiveMigrationState>> AppendAsync(
        SagaRun run, SagaSnapshot<LiveMigrationState> saga, IReadOnlyList<JournalEntry> entries, LiveMigrationState state, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var ours = await db.Database.ExecuteSqlAsync(
            $"UPDATE migrations SET SagaState = {state.ToJson()} WHERE Id = {run.Id} AND Epoch = {run.Epoch} AND LeaseOwner = {me.Name}", ct);
        if (ours == 0)
        {
            throw new LeaseLost(run.Id, run.Epoch);
        }

        var (now, sequence) = (Now(), saga.Journal.Count);
        foreach (var entry in entries)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO journal (MigrationId, Sequence, Step, Kind, Reason, Epoch, At)
                VALUES ({run.Id}, {++sequence}, {entry.Step}, {entry.Kind.ToString()}, {Cut(entry.Reason)}, {run.Epoch}, {now})
                """,
                ct);
        }

        var abort = await IsAbortRequested(db, run.Id, ct);
        await transaction.CommitAsync(ct);
        return new(state, [.. saga.Journal, .. entries], abort);
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;

    private sealed record Taken(int Epoch, string SagaVersion);

    private sealed record Stored(string SagaState, DateTime? AbortRequestedAt);
}
