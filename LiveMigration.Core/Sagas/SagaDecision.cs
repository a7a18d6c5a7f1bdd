namespace LiveMigration.Core.Sagas;

/// <summary>What to do next.</summary>
public abstract record SagaDecision
{
    private SagaDecision()
    {
    }

    /// <summary>Run a step, for the first time or again.</summary>
    /// <param name="Index">Its place in the plan.</param>
    /// <param name="Failures">How often in a row it has failed; more than 0 only after the pivot.</param>
    public sealed record RunStep(int Index, int Failures) : SagaDecision;

    /// <summary>Begin the pivot.</summary>
    public sealed record RunPivot : SagaDecision;

    /// <summary>The pivot goes on without us: watch it again.</summary>
    public sealed record AttachPivot : SagaDecision;

    /// <summary>Ask the outside what became of the pivot, then decide again.</summary>
    public sealed record AskOutside : SagaDecision;

    /// <summary>The outside shows that the pivot has happened: write it down.</summary>
    public sealed record SettlePivot : SagaDecision;

    /// <summary>Nothing may be concluded now: wait, touch nothing, ask again.</summary>
    public sealed record Wait : SagaDecision;

    /// <summary>Turn round.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record BeginUnwind(string Reason) : SagaDecision;

    /// <summary>Undo a step.</summary>
    /// <param name="Index">Its place in the plan.</param>
    /// <param name="Failures">How often in a row its undo has failed.</param>
    public sealed record Undo(int Index, int Failures) : SagaDecision;

    /// <summary>All is undone: say so and end.</summary>
    /// <param name="Failures">How often in a row that has failed.</param>
    public sealed record FinishUnwind(int Failures) : SagaDecision;

    /// <summary>All is done: write it down.</summary>
    public sealed record Complete : SagaDecision;

    /// <summary>It has ended; there is nothing to do.</summary>
    /// <param name="Completed">True when forward, false when taken back.</param>
    public sealed record Ended(bool Completed) : SagaDecision;
}
