namespace LiveMigration.Core.Sagas;

/// <summary>Who drives a saga now: handed to every step, so that it can mark what it makes.</summary>
/// <param name="Id">The saga's id: the migration's integer id.</param>
/// <param name="Epoch">Counts the drivers; a step of an older epoch must change nothing.</param>
public sealed record SagaRun(int Id, int Epoch)
{
    /// <summary>
    /// Cancelled once somebody asked to take the saga back, for steps before the pivot. A step that waits for long stops
    /// when nothing that it has begun is still under way; others need not look.
    /// </summary>
    public CancellationToken TurnRequested { get; init; }
}
