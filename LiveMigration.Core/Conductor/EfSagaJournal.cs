using System.Runtime.CompilerServices;
using LiveMigration.Core.Compute;
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
    IDbContextFactory<ControlPlaneDbContext> contexts,
    ControllerIdentity me,
    LiveMigrationSaga saga,
    SteeringRequests steering,
    TimeProvider time) : ISagaJournal<LiveMigrationState>
{
    // What this driver read last of whether it is to be taken back, and how many requests there had been then.
    private (long At, bool IsAsked) _abort = (-1, false);

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
                LeaseExpiresAt = {now + SagaRunner<LiveMigrationState>.LeaseLasts},
                Epoch = Epoch + 1,
                RetryAt = NULL,
                NeedsAttention = 0,
                Reason = NULL
            WHERE Id = {id} AND FinishedAt IS NULL AND (LeaseOwner IS NULL OR LeaseExpiresAt < {now} OR LeaseExpiresAt > {now + SagaRunner<LiveMigrationState>.LeaseLasts})
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
            $"UPDATE migrations SET LeaseExpiresAt = {Now() + SagaRunner<LiveMigrationState>.LeaseLasts} WHERE Id = {run.Id} AND Epoch = {run.Epoch} AND LeaseOwner = {me.Name}",
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
        var asked = steering.Count;
        var row = await StateOf(db, run.Id, ct);
        var journal = await LinesOf(db, run.Id).ToListAsync(ct);
        _abort = (asked, row.AbortRequestedAt is not null);
        return new(LiveMigrationState.FromJson(row.SagaState), journal, _abort.IsAsked);
    }

    public async Task<SagaSnapshot<LiveMigrationState>> AppendAsync(
        SagaRun run, SagaSnapshot<LiveMigrationState> saga, IReadOnlyList<JournalEntry> entries, LiveMigrationState state, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Database.ExecuteSqlAsync(Append(run, saga.Journal.Count, entries, state), ct) == 0)
        {
            throw new LeaseLost(run.Id, run.Epoch);
        }

        if (steering.Count is var asked && asked != _abort.At)
        {
            _abort = (asked, await IsAbortRequested(db, run.Id, ct));
        }

        await transaction.CommitAsync(ct);
        return new(state, [.. saga.Journal, .. entries], _abort.IsAsked);
    }

    /// <summary>One command for all of it: the lines follow only where the row was still this driver's.</summary>
    private FormattableString Append(SagaRun run, int lines, IReadOnlyList<JournalEntry> entries, LiveMigrationState state)
    {
        List<object?> values = [state.ToJson(), run.Id, run.Epoch, me.Name, Now()];
        var rows = entries.Select((entry, index) =>
        {
            var at = values.Count;
            values.AddRange(lines + index + 1, entry.Step, entry.Kind.ToString(), Cut(entry.Reason));
            return $"({{1}}, {{{at}}}, {{{at + 1}}}, {{{at + 2}}}, {{{at + 3}}}, {{2}}, {{4}})";
        }).ToList();
        return FormattableStringFactory.Create(
            "UPDATE migrations SET SagaState = {0} WHERE Id = {1} AND Epoch = {2} AND LeaseOwner = {3}; "
            + "INSERT INTO journal (MigrationId, Sequence, Step, Kind, Reason, Epoch, At) "
            + $"SELECT * FROM (VALUES {string.Join(", ", rows)}) WHERE changes() > 0",
            [.. values]);
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;

    private sealed record Taken(int Epoch, string SagaVersion);

    private sealed record Stored(string SagaState, DateTime? AbortRequestedAt);
}
