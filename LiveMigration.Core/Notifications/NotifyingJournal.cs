using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Tells the world what a saga's journal says. A line is told before it is written: a controller that dies in
/// between tells it again, with the same message id, instead of never.
/// </summary>
/// <typeparam name="TState">The saga's own record.</typeparam>
/// <param name="real">The journal.</param>
/// <param name="plan">What is due with a line: given the line, all lines before it and the saga's record.</param>
/// <param name="tell">Tells it.</param>
internal sealed class NotifyingJournal<TState>(
    ISagaJournal<TState> real,
    Func<JournalEntry, IReadOnlyList<JournalEntry>, TState, IReadOnlyList<Occurrence>> plan,
    Func<SagaRun, TState, IReadOnlyList<Occurrence>, CancellationToken, Task> tell)
    : ISagaJournal<TState>
    where TState : class
{
    // One journal serves one drive: what it has told once it does not tell again, however often a step is tried.
    private readonly HashSet<(string Name, string Key)> _told = [];

    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => real.TryTakeAsync(id, ct);

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => real.RenewAsync(run, ct);

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct) =>
        real.ReleaseAsync(run, retryAt, attention, ct);

    public Task<SagaSnapshot<TState>> LoadAsync(SagaRun run, CancellationToken ct) => real.LoadAsync(run, ct);

    public async Task<SagaSnapshot<TState>> AppendAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, TState state, CancellationToken ct)
    {
        List<JournalEntry> lines = [.. saga.Journal];
        List<Occurrence> due = [];
        foreach (var entry in entries)
        {
            due.AddRange(plan(entry, lines, state).Where(occurrence => !_told.Contains(KeyOf(occurrence)) && !due.Exists(other => KeyOf(other) == KeyOf(occurrence))));
            lines.Add(entry);
        }

        if (due.Count > 0)
        {
            await tell(run, state, due, ct);
            _told.UnionWith(due.Select(KeyOf));
        }

        return await real.AppendAsync(run, saga, entries, state, ct);
    }

    private static (string Name, string Key) KeyOf(Occurrence occurrence) => (occurrence.What.Versioned, occurrence.Key);
}
