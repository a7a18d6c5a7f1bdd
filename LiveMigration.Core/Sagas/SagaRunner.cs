using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Sagas;

/// <summary>
/// The engine's hands: observe → decide → write the intent → act → write the outcome. Knows nothing of guests.
/// Whatever kills it, at any line, the next run goes on from the journal.
/// </summary>
public sealed partial class SagaRunner<TState>(
    Saga<TState> saga,
    ISagaJournal<TState> journal,
    IJournalOutages outages,
    DrivenHere driven,
    TimeProvider time,
    ILogger<SagaRunner<TState>> logger)
    where TState : class
{
    private readonly SagaDefinition<TState> _definition = saga.Definition;
    private readonly PatientJournal<TState> _journal = new(journal, outages, time, logger);
    private readonly IJournalOutages _outages = outages;
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    /// <summary>How often the lease is prolonged; it lasts three times as long.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a lease lasts. One that runs out later than this from now was given before the clock was put back, and holds
    /// nobody off: who drives a saga in this process is known without it.
    /// </summary>
    public static readonly TimeSpan LeaseLasts = 3 * RenewEvery;

    /// <summary>No saga waits longer until it is tried again: a time further off was set by a clock that has been put back since.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private const int FailuresUntilHelp = 5;

    /// <summary>Drives a saga as far as it can go now.</summary>
    /// <param name="id">The saga's id.</param>
    /// <param name="until">Come back once this step is done; null = no such step.</param>
    /// <param name="ct">Stop driving. The saga is left as it is; nothing is taken back.</param>
    public async Task<SagaResult> RunAsync(int id, string? until, CancellationToken ct)
    {
        if (!driven.TryBegin<TState>(id))
        {
            return new SagaResult.NotOurs();
        }

        try
        {
            return await DriveAsync(id, until, ct);
        }
        finally
        {
            driven.End<TState>(id);
        }
    }

    private async Task<SagaResult> DriveAsync(int id, string? until, CancellationToken ct)
    {
        var run = await _journal.TryTakeAsync(id, ct);
        if (run is null)
        {
            return new SagaResult.NotOurs();
        }

        using var driving = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewing = KeepLeaseAsync(run, driving);
        var drive = new Drive(this, run);
        try
        {
            return await drive.GoAsync(until, driving.Token);
        }
        finally
        {
            await driving.CancelAsync();
            await renewing;
            // Not with the caller's token: at shutdown the lease is given back all the same.
            await _journal.ReleaseAsync(run, drive.RetryAt, drive.Attention, CancellationToken.None);
        }
    }

    private async Task KeepLeaseAsync(SagaRun run, CancellationTokenSource driving)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenewEvery, _time, driving.Token);
                if (!await TryRenewAsync(run, driving.Token))
                {
                    await driving.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (driving.IsCancellationRequested)
        {
            // The drive has ended.
        }
    }

    /// <summary>A journal that can't be reached now is asked again: the lease outlasts two such misses, and each write proves it anyway.</summary>
    private async Task<bool> TryRenewAsync(SagaRun run, CancellationToken ct)
    {
        try
        {
            return await _journal.RenewAsync(run, ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return true;
        }
    }

    private sealed class Drive(SagaRunner<TState> runner, SagaRun run)
    {
        private readonly SagaDefinition<TState> _flow = runner._definition;
        private SagaSnapshot<TState>? _saga;
        private Exception? _failure;
        private int _waits;
        private int _outages;
        private bool _first = true;

        public DateTime? RetryAt { get; private set; }

        public SagaAttention? Attention { get; private set; }

        public async Task<SagaResult> GoAsync(string? until, CancellationToken ct)
        {
            var outside = PivotObservation.NotAsked;
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                var saga = _saga ??= await runner._journal.LoadAsync(run, ct);
                if (until is not null && saga.Journal.Any(entry => entry.Kind == JournalKind.StepDone && entry.Step == until))
                {
                    return new SagaResult.Reached();
                }

                var decision = SagaDecider.Decide(_flow.Plan, saga.Journal, outside, saga.AbortRequested);
                if (decision is SagaDecision.Ended ended)
                {
                    return new SagaResult.Ended(ended.Completed, _failure);
                }

                if (decision is SagaDecision.AskOutside)
                {
                    outside = await AskAsync(saga.State, ct);
                    continue;
                }

                outside = PivotObservation.NotAsked;
                if (await ActAsync(decision, saga, ct) is { } waiting)
                {
                    return waiting;
                }

                _first = false;
            }
        }

        private Task<SagaResult?> ActAsync(SagaDecision decision, SagaSnapshot<TState> saga, CancellationToken ct) => decision switch
        {
            SagaDecision.RunStep step => StepAsync(_flow.Steps[step.Index], step.Failures, saga, ct),
            SagaDecision.RunPivot => PivotAsync(saga, ct),
            SagaDecision.AttachPivot => AttachAsync(saga, ct),
            SagaDecision.SettlePivot => SettleAsync(saga, ct),
            SagaDecision.Wait => WaitAsync(InDoubt(), ct),
            SagaDecision.BeginUnwind turn => WriteAsync(
                new("", JournalKind.UnwindBegun, turn.Reason), _flow.WhenTurned(saga.State, turn.Reason, saga.AbortRequested), saga, ct),
            SagaDecision.Undo undo => UndoAsync(_flow.Steps[undo.Index].Name, _flow.Steps[undo.Index].Undo!, JournalKind.UndoDone, undo.Failures, saga, ct),
            SagaDecision.FinishUnwind finish => UndoAsync("", _flow.WhenUnwound, JournalKind.Unwound, finish.Failures, saga, ct),
            SagaDecision.Complete => WriteAsync(new("", JournalKind.Completed), saga.State, saga, ct),
            _ => throw new InvalidOperationException($"No action for {decision}."),
        };

        private async Task<PivotObservation> AskAsync(TState state, CancellationToken ct)
        {
            try
            {
                return await _flow.Ask(state, run, ct);
            }
            catch (Exception exception) when (IsFailure(exception, ct))
            {
                Attention = new SagaAttention(exception.Message, NeedsHelp: false);
                return PivotObservation.Unknown;
            }
        }

        private async Task<SagaResult?> StepAsync(SagaStep<TState> step, int failures, SagaSnapshot<TState> saga, CancellationToken ct)
        {
            if (await PauseAsync(failures, $"{step.Name} failed {failures} times", saga, ct) is { } later)
            {
                return later;
            }

            if (saga.Journal is not [.., { Kind: JournalKind.StepStarted } last] || last.Step != step.Name)
            {
                saga = await AppendAsync([new(step.Name, JournalKind.StepStarted)], saga.State, saga, ct);
            }

            (JournalEntry Entry, TState State) outcome;
            try
            {
                var state = await step.Do(saga.State, run, ct);
                outcome = (new JournalEntry(step.Name, JournalKind.StepDone), state);
            }
            catch (StepNotReady notReady)
            {
                RetryAt = runner._time.GetUtcNow().UtcDateTime + notReady.RetryAfter;
                Attention = new SagaAttention(notReady.Message, NeedsHelp: false);
                return new SagaResult.Waits(notReady.Message);
            }
            catch (Exception exception) when (runner._outages.Explain(exception) is { } trouble)
            {
                return await SitOutAsync(step.Name, trouble, ct);
            }
            catch (Exception exception) when (IsFailure(exception, ct))
            {
                _failure = exception;
                outcome = (new JournalEntry(step.Name, JournalKind.StepFailed, exception.Message, exception.GetType().Name), saga.State);
            }

            // Outside the try: a journal that can't be written is no failure of the step.
            await AppendAsync(WithNextIntent(outcome.Entry, outcome.State, saga), outcome.State, saga, ct);
            return null;
        }

        private async Task<SagaResult?> SettleAsync(SagaSnapshot<TState> saga, CancellationToken ct)
        {
            var done = new JournalEntry(_flow.Steps[_flow.Pivot].Name, JournalKind.StepDone);
            await AppendAsync(WithNextIntent(done, saga.State, saga), saga.State, saga, ct);
            return null;
        }

        /// <summary>
        /// The outcome of one step and the intent of the next are one write, and steps in between that this saga does not
        /// need are done with it. Not so the pivot's intent: that it was begun must never be written before it is about to be.
        /// </summary>
        private List<JournalEntry> WithNextIntent(JournalEntry outcome, TState state, SagaSnapshot<TState> saga)
        {
            List<JournalEntry> entries = [outcome];
            while (entries[^1].Kind == JournalKind.StepDone
                && SagaDecider.Decide(_flow.Plan, [.. saga.Journal, .. entries], PivotObservation.NotAsked, saga.AbortRequested)
                    is SagaDecision.RunStep next)
            {
                var step = _flow.Steps[next.Index];
                entries.Add(new JournalEntry(step.Name, JournalKind.StepStarted));
                if (!step.IsNeeded(state))
                {
                    entries.Add(new JournalEntry(step.Name, JournalKind.StepDone));
                }
            }

            return entries;
        }

        private async Task<SagaResult?> PivotAsync(SagaSnapshot<TState> saga, CancellationToken ct)
        {
            var name = _flow.Steps[_flow.Pivot].Name;
            saga = await AppendAsync([new(name, JournalKind.StepStarted)], saga.State, saga, ct);
            await WatchAsync(_flow.Steps[_flow.Pivot].Do, saga, ct);
            return null;
        }

        private async Task<SagaResult?> AttachAsync(SagaSnapshot<TState> saga, CancellationToken ct)
        {
            try
            {
                // What is under way but can't be watched is tried again with pauses, like what nobody can tell of.
                return await WatchAsync(_flow.Attach, saga, ct) is { Reason: { } failed } ? await WaitAsync($"it can't be watched: {failed}", ct) : null;
            }
            catch (OutsideSilent exception)
            {
                Attention = new SagaAttention(exception.Message, NeedsHelp: false);
                return await WaitAsync(InDoubt(), ct);
            }
        }

        private async Task<JournalEntry> WatchAsync(StepAction<TState> watch, SagaSnapshot<TState> saga, CancellationToken ct)
        {
            var name = _flow.Steps[_flow.Pivot].Name;
            (JournalEntry Entry, TState State) outcome;
            try
            {
                outcome = (new JournalEntry(name, JournalKind.PivotReturned), await watch(saga.State, run, ct));
                _waits = 0;
            }
            catch (Exception exception) when (IsFailure(exception, ct) && exception is not OutsideSilent)
            {
                _failure = exception;
                outcome = (new JournalEntry(name, JournalKind.PivotReturned, exception.Message), saga.State);
            }

            await AppendAsync([outcome.Entry], outcome.State, saga, ct);
            return outcome.Entry;
        }

        private async Task<SagaResult?> UndoAsync(
            string name, StepAction<TState> undo, JournalKind done, int failures, SagaSnapshot<TState> saga, CancellationToken ct)
        {
            if (await PauseAsync(failures, $"taking back {(name.Length > 0 ? name : "the migration")} failed {failures} times", saga, ct) is { } later)
            {
                return later;
            }

            (JournalEntry Entry, TState State) outcome;
            try
            {
                outcome = (new JournalEntry(name, done), await undo(saga.State, run, ct));
            }
            catch (Exception exception) when (runner._outages.Explain(exception) is { } trouble)
            {
                return await SitOutAsync(name, trouble, ct);
            }
            catch (Exception exception) when (IsFailure(exception, ct))
            {
                outcome = (new JournalEntry(name, JournalKind.UndoFailed, exception.Message, exception.GetType().Name), saga.State);
            }

            return await WriteAsync(outcome.Entry, outcome.State, saga, ct);
        }

        /// <summary>Before the n-th repetition: a short pause here, a longer one with the lease given back.</summary>
        private async Task<SagaResult?> PauseAsync(int failures, string what, SagaSnapshot<TState> saga, CancellationToken ct)
        {
            if (failures == 0)
            {
                return null;
            }

            if (_first)
            {
                // Taken up again: the pause was spent before.
                _first = false;
                return null;
            }

            var pause = TimeSpan.FromMilliseconds(250 * Math.Pow(2, Math.Min(failures - 1, 16)));
            if (pause <= LongestStay)
            {
                await Task.Delay(pause, runner._time, ct);
                return null;
            }

            var reason = $"{what}: {saga.Journal.Last(entry => entry.Reason is not null).Reason}";
            return Later(pause < LongestPause ? pause : LongestPause, reason, needsHelp: failures >= FailuresUntilHelp);
        }

        /// <summary>The step could not use the records: it is repeated once they are back, and nothing is held against it.</summary>
        private async Task<SagaResult?> SitOutAsync(string step, string trouble, CancellationToken ct)
        {
            if (_outages == 0)
            {
                runner.LogSitsOut(run.Id, step, trouble);
            }

            var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(_outages++, 16)));
            await Task.Delay(pause < LongestStay ? pause : LongestStay, runner._time, ct);
            await runner._journal.ProveAsync(run, ct);
            return null;
        }

        private string InDoubt() => $"in doubt where the guest runs: {Attention?.Reason ?? "the hosts' answers do not fit together yet"}";

        private async Task<SagaResult?> WaitAsync(string why, CancellationToken ct)
        {
            var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(_waits++, 16)));
            if (pause > LongestStay)
            {
                return Later(TimeSpan.FromSeconds(5), why, needsHelp: true);
            }

            await Task.Delay(pause, runner._time, ct);
            _saga = null;
            return null;
        }

        private SagaResult.Waits Later(TimeSpan pause, string reason, bool needsHelp)
        {
            RetryAt = runner._time.GetUtcNow().UtcDateTime + pause;
            Attention = new SagaAttention(reason, needsHelp);
            return new SagaResult.Waits(reason);
        }

        private async Task<SagaResult?> WriteAsync(JournalEntry entry, TState state, SagaSnapshot<TState> saga, CancellationToken ct)
        {
            await AppendAsync([entry], state, saga, ct);
            return null;
        }

        private async Task<SagaSnapshot<TState>> AppendAsync(
            IReadOnlyList<JournalEntry> entries, TState state, SagaSnapshot<TState> saga, CancellationToken ct) =>
            _saga = await runner._journal.AppendAsync(run, saga, entries, state, ct);

        private static bool IsFailure(Exception exception, CancellationToken ct) =>
            exception is not LeaseLost && !(exception is OperationCanceledException && ct.IsCancellationRequested);
    }

    [LoggerMessage(LogLevel.Error, "Migration or build {Id}: {Step} waits for {Trouble}")]
    private partial void LogSitsOut(int id, string step, string trouble);
}
