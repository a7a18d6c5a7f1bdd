namespace LiveMigration.Core.Sagas;

/// <summary>
/// The engine's head: from the journal and what the outside says to what happens next, without I/O, so that every
/// combination can be enumerated. There is no other recovery code: after a crash the same question is simply asked again.
/// </summary>
public static class SagaDecider
{
    /// <summary>Why a saga turns round that was asked to.</summary>
    public const string AbortReason = "aborted on request";

    /// <summary>How often a pivot is begun at most, when its first beginning has left no trace.</summary>
    public const int MostPivotRuns = 2;

    /// <summary>Decides.</summary>
    /// <param name="plan">The saga's shape.</param>
    /// <param name="journal">All lines so far, oldest first.</param>
    /// <param name="outside">What the outside says of the pivot; matters only while it is begun and not settled.</param>
    /// <param name="abortRequested">True once somebody asked to take it back; means nothing after the pivot.</param>
    public static SagaDecision Decide(
        SagaPlan plan, IReadOnlyList<JournalEntry> journal, PivotObservation outside, bool abortRequested)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(journal);

        if (journal.Any(entry => entry.Kind == JournalKind.Completed))
        {
            return new SagaDecision.Ended(Completed: true);
        }

        if (journal.Any(entry => entry.Kind == JournalKind.Unwound))
        {
            return new SagaDecision.Ended(Completed: false);
        }

        return journal.Any(entry => entry.Kind == JournalKind.UnwindBegun)
            ? Backward(plan, journal)
            : Forward(plan, journal, outside, abortRequested);
    }

    private static SagaDecision Forward(
        SagaPlan plan, IReadOnlyList<JournalEntry> journal, PivotObservation outside, bool abortRequested)
    {
        var next = FirstNotDone(plan, journal);
        if (next == plan.Steps.Count)
        {
            return new SagaDecision.Complete();
        }

        if (next == plan.Pivot)
        {
            return AtPivot(plan, journal, outside, abortRequested);
        }

        var failures = TrailingFailures(journal, plan.Steps[next].Name, JournalKind.StepFailed);
        if (next > plan.Pivot)
        {
            return new SagaDecision.RunStep(next, failures);
        }

        if (failures > 0)
        {
            return new SagaDecision.BeginUnwind(LastReason(journal, plan.Steps[next].Name));
        }

        return abortRequested
            ? new SagaDecision.BeginUnwind(AbortReason)
            : new SagaDecision.RunStep(next, Failures: 0);
    }

    private static SagaDecision AtPivot(
        SagaPlan plan, IReadOnlyList<JournalEntry> journal, PivotObservation outside, bool abortRequested)
    {
        var name = plan.Steps[plan.Pivot].Name;
        var runs = journal.Count(entry => entry.Step == name && entry.Kind == JournalKind.StepStarted);
        if (runs == 0)
        {
            return abortRequested ? new SagaDecision.BeginUnwind(AbortReason) : new SagaDecision.RunPivot();
        }

        // A pivot whose end was seen is an outcome, not a crash: it is not begun a second time.
        var returned = journal.LastOrDefault(entry => entry.Step == name && entry.Kind == JournalKind.PivotReturned);
        return outside switch
        {
            PivotObservation.NotAsked => new SagaDecision.AskOutside(),
            PivotObservation.InProgress => new SagaDecision.AttachPivot(),
            PivotObservation.Succeeded => new SagaDecision.SettlePivot(),
            PivotObservation.NotStarted when runs < MostPivotRuns && returned is null && !abortRequested => new SagaDecision.RunPivot(),
            PivotObservation.NotStarted or PivotObservation.Failed =>
                new SagaDecision.BeginUnwind(returned?.Reason ?? (abortRequested ? AbortReason : $"{name} did not happen")),
            _ => new SagaDecision.Wait(),
        };
    }

    private static SagaDecision Backward(SagaPlan plan, IReadOnlyList<JournalEntry> journal)
    {
        for (var index = plan.Pivot; index >= 0; index--)
        {
            var step = plan.Steps[index];
            var begun = journal.Any(entry => entry.Step == step.Name && entry.Kind == JournalKind.StepStarted);
            var undone = journal.Any(entry => entry.Step == step.Name && entry.Kind == JournalKind.UndoDone);
            if (step.HasUndo && begun && !undone)
            {
                return new SagaDecision.Undo(index, TrailingFailures(journal, step.Name, JournalKind.UndoFailed));
            }
        }

        return new SagaDecision.FinishUnwind(TrailingFailures(journal, "", JournalKind.UndoFailed));
    }

    private static int FirstNotDone(SagaPlan plan, IReadOnlyList<JournalEntry> journal)
    {
        var done = journal.Where(entry => entry.Kind == JournalKind.StepDone).Select(entry => entry.Step).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < plan.Steps.Count; index++)
        {
            if (!done.Contains(plan.Steps[index].Name))
            {
                return index;
            }
        }

        return plan.Steps.Count;
    }

    private static int TrailingFailures(IReadOnlyList<JournalEntry> journal, string step, JournalKind failed) =>
        journal.Reverse()
            .Where(entry => entry.Kind != JournalKind.StepStarted)
            .TakeWhile(entry => entry.Step == step && entry.Kind == failed)
            .Count();

    private static string LastReason(IReadOnlyList<JournalEntry> journal, string step) =>
        journal.LastOrDefault(entry => entry.Step == step && entry.Kind == JournalKind.StepFailed)?.Reason ?? $"{step} failed";
}
