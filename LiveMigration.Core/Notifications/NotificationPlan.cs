using LiveMigration.Core.Conductor;
using LiveMigration.Core.Sagas;

using static LiveMigration.Core.Notifications.NotificationNames;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Which line of a migration's journal tells the world what: read from top to bottom it is the order of Nova's
/// notifications. Those around a request of its own — scheduler, abort, forced completion — are in
/// <see cref="NotifyingSelection"/> and <see cref="NotifyingSteering{TRequest,TResponse}"/>.
/// </summary>
internal sealed class NotificationPlan(LiveMigrationSaga saga)
{
    private const string FirstPreparation = "pre-live-migration";
    private const string Post = "post-live-migration";
    private const string PostAtDestination = "post-live-migration-at-destination";

    private readonly SagaDefinition<LiveMigrationState> _flow = saga.Definition;

    /// <summary>What is due with a line.</summary>
    /// <param name="line">The line about to be written.</param>
    /// <param name="before">All lines before it.</param>
    /// <param name="state">The migration.</param>
    public IReadOnlyList<Occurrence> At(JournalEntry line, IReadOnlyList<JournalEntry> before, LiveMigrationState state)
    {
        var index = IndexOf(line.Step);
        var prepared = Begun(before, FirstPreparation);
        return line.Kind switch
        {
            // forward
            JournalKind.StepStarted when index == 0 => [new(Taken, "taken")],
            JournalKind.StepStarted when line.Step == FirstPreparation => [Told(PreStart)],
            JournalKind.StepFailed when IsPreparation(index) => [Failure(line, "pre_live_migration", Emitter.Destination)],
            JournalKind.StepStarted when index == _flow.Pivot => [Told(PreEnd)],
            JournalKind.StepStarted when line.Step == Post => [Told(PostStart)],
            JournalKind.StepStarted when line.Step == PostAtDestination => [Told(PostDestStart)],
            JournalKind.StepFailed when index > _flow.Pivot => [Failure(line, Function(line.Step), EmitterAfterPivot(line.Step))],
            JournalKind.StepDone when index == _flow.Steps.Count - 1 => [Left(Freed), Told(PostDestEnd), Told(PostEnd)],

            // backward
            JournalKind.UnwindBegun when prepared => [Turned(RollbackStart, line), Turned(RollbackDestStart, line)],
            JournalKind.UnwindBegun when !state.Cancelled => [GaveUp(line, before)],
            JournalKind.UndoFailed when IsPreparation(index) =>
                [Failure(line, "rollback_live_migration_at_destination", Emitter.Destination)],
            JournalKind.UndoDone when line.Step == FirstPreparation => [Turned(RollbackDestEnd, line, state)],
            JournalKind.Unwound when prepared && state.Cancelled && !Begun(before, _flow.Steps[_flow.Pivot].Name) =>
                [Left(GivenBack), Turned(RollbackEnd, line, state), new(AbortEnd, "abort while preparing") { Error = state.Failure }],
            JournalKind.Unwound when prepared => [Left(GivenBack), Turned(RollbackEnd, line, state)],
            JournalKind.Unwound => [Left(GivenBack)],
            _ => [],
        };
    }

    /// <summary>What is due with the last line, which is missing.</summary>
    public IReadOnlyList<Occurrence> AtEnd(IReadOnlyList<JournalEntry> journal, LiveMigrationState state) => At(
        journal.Any(entry => entry.Kind == JournalKind.UnwindBegun)
            ? new JournalEntry("", JournalKind.Unwound)
            : new JournalEntry(_flow.Steps[^1].Name, JournalKind.StepDone),
        journal,
        state);

    private static Occurrence Told(Notification what) => new(what, what.Versioned);

    private static Occurrence Left(Notification what) => new(what, "left") { OldTaskState = "migrating" };

    private static Occurrence Turned(Notification what, JournalEntry line, LiveMigrationState? state = null) =>
        Told(what) with { Error = state?.Failure ?? line.Reason };

    private static Occurrence Failure(JournalEntry line, string function, Emitter emitter) =>
        new(NotificationNames.Failed(function, emitter), $"{line.Kind} {line.Step}")
        {
            Function = function,
            Error = line.Reason,
            ErrorClass = line.ErrorClass,
        };

    private static Occurrence GaveUp(JournalEntry line, IReadOnlyList<JournalEntry> before) =>
        new(ConductorFailed, "gave up")
        {
            Function = "migrate_server",
            Error = line.Reason,
            ErrorClass = before.LastOrDefault(entry => entry.Kind == JournalKind.StepFailed)?.ErrorClass,
        };

    private static Emitter EmitterAfterPivot(string step) => step == PostAtDestination ? Emitter.Destination : Emitter.Source;

    private static string Function(string step) => step.Replace('-', '_');

    private static bool Begun(IReadOnlyList<JournalEntry> journal, string step) =>
        journal.Any(entry => entry.Step == step && entry.Kind == JournalKind.StepStarted);

    private bool IsPreparation(int index) => index >= IndexOf(FirstPreparation) && index < _flow.Pivot;

    private int IndexOf(string step)
    {
        for (var index = 0; index < _flow.Steps.Count; index++)
        {
            if (_flow.Steps[index].Name == step)
            {
                return index;
            }
        }

        return -1;
    }
}
