namespace LiveMigration.Core.Sagas;

/// <summary>Where a saga's journal, state and lease are kept.</summary>
public interface ISagaJournal<TState>
{
    /// <summary>
    /// Takes the saga for this driver: the next epoch, until the lease runs out unrenewed. Null when somebody else holds
    /// it, or when it has ended.
    /// </summary>
    Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct);

    /// <summary>Prolongs the lease. False when it is no longer ours.</summary>
    Task<bool> RenewAsync(SagaRun run, CancellationToken ct);

    /// <summary>Gives the lease back; the saga is not to be taken up again before a time, or at once.</summary>
    /// <param name="run">The driver.</param>
    /// <param name="retryAt">Not before, UTC; null = at once.</param>
    /// <param name="attention">Why somebody should look, or what it waits for; null when all is well.</param>
    /// <param name="ct">Gives up.</param>
    Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct);

    /// <summary>Reads journal and state.</summary>
    Task<SagaSnapshot<TState>> LoadAsync(SagaRun run, CancellationToken ct);

    /// <summary>Appends lines and stores the state, in one transaction that also proves the lease.</summary>
    /// <param name="run">The driver.</param>
    /// <param name="saga">As this driver read or wrote it last; nobody else writes while the lease holds.</param>
    /// <param name="entries">The lines.</param>
    /// <param name="state">The record from now on.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The saga as it is now stored, with what has been asked for meanwhile.</returns>
    /// <exception cref="LeaseLost">Somebody else drives it now. Nothing was written.</exception>
    Task<SagaSnapshot<TState>> AppendAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, TState state, CancellationToken ct);
}

/// <summary>Why a saga does not go on by itself at once.</summary>
/// <param name="Reason">In one line.</param>
/// <param name="NeedsHelp">True when it has failed so often that somebody should look.</param>
public sealed record SagaAttention(string Reason, bool NeedsHelp);

/// <summary>A saga as stored.</summary>
/// <param name="State">Its record.</param>
/// <param name="Journal">All lines, oldest first.</param>
/// <param name="AbortRequested">True once somebody asked to take it back.</param>
public sealed record SagaSnapshot<TState>(TState State, IReadOnlyList<JournalEntry> Journal, bool AbortRequested);
