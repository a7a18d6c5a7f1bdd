namespace LiveMigration.Core.Sagas;

/// <summary>Does something and gives back the state as it is then. May be run again after a crash: ensures, never just creates.</summary>
public delegate Task<TState> StepAction<TState>(TState state, SagaRun run, CancellationToken ct);

/// <summary>Asks the outside what became of the pivot.</summary>
public delegate Task<PivotObservation> PivotQuestion<in TState>(TState state, SagaRun run, CancellationToken ct);

/// <summary>A step with its actions.</summary>
/// <param name="Name">Durable name.</param>
/// <param name="Do">The step.</param>
/// <param name="Undo">Takes back whatever the step may have done; null when it leaves nothing.</param>
/// <param name="When">Whether a saga has anything to do there, by its state; null = always. Only spares a write: the step itself must find out too.</param>
public sealed record SagaStep<TState>(string Name, StepAction<TState> Do, StepAction<TState>? Undo, Func<TState, bool>? When = null)
{
    /// <summary>Whether a saga of this state has anything to do there.</summary>
    public bool IsNeeded(TState state) => When is null || When(state);
}

/// <summary>A declared saga, ready to be run.</summary>
/// <param name="Steps">From top to bottom.</param>
/// <param name="Pivot">Index of the pivot.</param>
/// <param name="Ask">The pivot's question to the outside.</param>
/// <param name="Attach">Watches a pivot that goes on without us, until it ends.</param>
/// <param name="WhenTurned">Notes in the state why the saga turns round: reason, and whether it was asked to.</param>
/// <param name="WhenUnwound">Ends a saga that was taken back.</param>
public sealed record SagaDefinition<TState>(
    IReadOnlyList<SagaStep<TState>> Steps,
    int Pivot,
    PivotQuestion<TState> Ask,
    StepAction<TState> Attach,
    Func<TState, string, bool, TState> WhenTurned,
    StepAction<TState> WhenUnwound)
{
    /// <summary>The shape, for the decision.</summary>
    public SagaPlan Plan { get; } = new(
        [.. Steps.Select(step => new SagaPlanStep(step.Name, step.Undo is not null))], Pivot);
}
