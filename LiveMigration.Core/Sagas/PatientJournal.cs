using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Sagas;

/// <summary>
/// A journal whose store may be away: lines are kept in memory and written when it is back, and until then nothing is done
/// that they would have to tell of.
/// </summary>
internal sealed partial class PatientJournal<TState>(
    ISagaJournal<TState> real, IJournalOutages outages, TimeProvider time, ILogger logger) : ISagaJournal<TState>
    where TState : class
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => real.TryTakeAsync(id, ct);

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => real.RenewAsync(run, ct);

    /// <summary>A lease that can't be given back runs out.</summary>
    public async Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct)
    {
        try
        {
            await real.ReleaseAsync(run, retryAt, attention, ct);
        }
        catch (Exception exception) when (outages.Explain(exception) is { } trouble)
        {
            LogKept(run.Id, trouble);
        }
    }

    public Task<SagaSnapshot<TState>> LoadAsync(SagaRun run, CancellationToken ct) =>
        InsistAsync(run, _ => real.LoadAsync(run, ct), ct);

    public Task<SagaSnapshot<TState>> AppendAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, TState state, CancellationToken ct) =>
        InsistAsync(
            run,
            async again => again && await FindAsync(run, saga, entries, ct) is { } written
                ? written
                : await real.AppendAsync(run, saga, entries, state, ct),
            ct);

    /// <summary>Waits until the store is back and says that the lease is still ours: it may have run out meanwhile.</summary>
    /// <exception cref="LeaseLost">Somebody else drives the saga now.</exception>
    public Task ProveAsync(SagaRun run, CancellationToken ct) => InsistAsync(run, _ => ProveOnceAsync(run, ct), ct);

    private async Task<bool> ProveOnceAsync(SagaRun run, CancellationToken ct) =>
        await real.RenewAsync(run, ct) ? true : throw new LeaseLost(run.Id, run.Epoch);

    /// <summary>
    /// A write whose answer was an error may have been made all the same. The lease is proven first, as the write would do:
    /// the same lines may be those of somebody who has taken the saga over.
    /// </summary>
    private async Task<SagaSnapshot<TState>?> FindAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        await ProveOnceAsync(run, ct);
        var stored = await real.LoadAsync(run, ct);
        var isThere = stored.Journal.Skip(saga.Journal.Count).Select(Line).SequenceEqual(entries.Select(Line));
        return isThere ? stored : null;

        static (string Step, JournalKind Kind) Line(JournalEntry entry) => (entry.Step, entry.Kind);
    }

    private async Task<T> InsistAsync<T>(SagaRun run, Func<bool, Task<T>> work, CancellationToken ct)
    {
        var pause = FirstPause;
        var again = false;
        while (true)
        {
            try
            {
                var done = await work(again);
                if (again)
                {
                    LogBack(run.Id);
                }

                return done;
            }
            catch (Exception exception) when (outages.Explain(exception) is { } trouble)
            {
                if (!again)
                {
                    LogAway(run.Id, trouble);
                }
            }

            again = true;
            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(LogLevel.Error, "Migration or build {Id}: its journal can't be written ({Trouble}); what was done is kept in memory and written when that is mended")]
    private partial void LogAway(int id, string trouble);

    [LoggerMessage(LogLevel.Information, "Migration or build {Id}: its journal is written again")]
    private partial void LogBack(int id);

    [LoggerMessage(LogLevel.Warning, "Migration or build {Id}: its lease can't be given back ({Trouble}) and runs out by itself")]
    private partial void LogKept(int id, string trouble);
}
