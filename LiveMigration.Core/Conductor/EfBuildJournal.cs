using System.Text.Json;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Sagas;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Journal, state and lease of builds, all on the build's row: their journals are short and of no further use.</summary>
internal sealed class EfBuildJournal(
    IDbContextFactory<ControlPlaneDbContext> contexts, ControllerIdentity me, BuildInstanceSaga saga, TimeProvider time)
    : ISagaJournal<BuildInstanceState>
{
    public async Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = Now();
        var expires = now + SagaRunner<BuildInstanceState>.LeaseLasts;
        var taken = await db.InstanceBuilds
            .Where(row => row.Id == id && row.FinishedAt == null && (row.LeaseOwner == null || row.LeaseExpiresAt < now || row.LeaseExpiresAt > expires))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.LeaseOwner, me.Name)
                    .SetProperty(row => row.LeaseExpiresAt, expires)
                    .SetProperty(row => row.Epoch, row => row.Epoch + 1)
                    .SetProperty(row => row.RetryAt, (DateTime?)null)
                    .SetProperty(row => row.Reason, (string?)null),
                ct);
        if (taken == 0)
        {
            return null;
        }

        var build = await db.InstanceBuilds.AsNoTracking().SingleAsync(row => row.Id == id, ct);
        var run = new SagaRun(id, build.Epoch);
        if (build.SagaVersion == saga.Version)
        {
            return run;
        }

        var unknown = new UnknownSagaVersion(id, build.SagaVersion, saga.Version);
        await ReleaseAsync(run, now + SagaRunner<BuildInstanceState>.LongestWait, new SagaAttention(unknown.Message, NeedsHelp: true), ct);
        throw unknown;
    }

    public async Task<bool> RenewAsync(SagaRun run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var expires = Now() + SagaRunner<BuildInstanceState>.LeaseLasts;
        return await Ours(db, run).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseExpiresAt, expires), ct) == 1;
    }

    public async Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await Ours(db, run).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.LeaseOwner, (string?)null).SetProperty(row => row.LeaseExpiresAt, (DateTime?)null), ct);
        await db.InstanceBuilds.Where(row => row.Id == run.Id && row.Epoch == run.Epoch && row.FinishedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.RetryAt, retryAt).SetProperty(row => row.Reason, attention == null ? null : attention.Reason), ct);
    }

    public async Task<SagaSnapshot<BuildInstanceState>> LoadAsync(SagaRun run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var row = await db.InstanceBuilds.AsNoTracking().SingleAsync(row => row.Id == run.Id, ct);
        return new(BuildInstanceState.FromJson(row.SagaState), Lines(row.Journal), row.AbortRequestedAt is not null);
    }

    public async Task<SagaSnapshot<BuildInstanceState>> AppendAsync(
        SagaRun run, SagaSnapshot<BuildInstanceState> saga, IReadOnlyList<JournalEntry> entries, BuildInstanceState state, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        List<JournalEntry> lines = [.. saga.Journal, .. entries];
        var (json, journal) = (state.ToJson(), JsonSerializer.Serialize(lines));
        if (await Ours(db, run).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SagaState, json).SetProperty(row => row.Journal, journal), ct) == 0)
        {
            throw new LeaseLost(run.Id, run.Epoch);
        }

        var abort = await db.InstanceBuilds.Where(row => row.Id == run.Id).Select(row => row.AbortRequestedAt != null).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return new(state, lines, abort);
    }

    private IQueryable<InstanceBuild> Ours(ControlPlaneDbContext db, SagaRun run) =>
        db.InstanceBuilds.Where(row => row.Id == run.Id && row.Epoch == run.Epoch && row.LeaseOwner == me.Name);

    private static List<JournalEntry> Lines(string json) => JsonSerializer.Deserialize<List<JournalEntry>>(json) ?? [];

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
