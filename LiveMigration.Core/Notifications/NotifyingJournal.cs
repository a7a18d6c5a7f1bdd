using LiveMigration.Core.Conductor;
using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Tells the world what a migration's journal says. A line is told before it is written: a controller that dies in
/// between tells it again, with the same message id, instead of never.
/// </summary>
internal sealed class NotifyingJournal(ISagaJournal<LiveMigrationState> real, NotificationPlan plan, MigrationNotifier notifier)
    : ISagaJournal<LiveMigrationState>
{
    // One journal serves one drive: what it has told once it does not tell again, however often a step is tried.
    private readonly HashSet<(string Name, string Key)> _told = [];

    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => real.TryTakeAsync(id, ct);

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => real.RenewAsync(run, ct);

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct) =>
        real.ReleaseAsync(run, retryAt, attention, ct);

    public Task<SagaSnapshot<LiveMigrationState>> LoadAsync(SagaRun run, CancellationToken ct) => real.LoadAsync(run, ct);

    public async Task<SagaSnapshot<LiveMigrationState>> AppendAsync(
        SagaRun run, SagaSnapshot<LiveMigrationState> saga, IReadOnlyList<JournalEntry> entries, LiveMigrationState state, CancellationToken ct)
    {
        List<JournalEntry> lines = [.. saga.Journal];
        List<Occurrence> due = [];
        foreach (var entry in entries)
        {
            due.AddRange(plan.At(entry, lines, state).Where(occurrence => !_told.Contains(KeyOf(occurrence)) && !due.Exists(other => KeyOf(other) == KeyOf(occurrence))));
            lines.Add(entry);
        }

        if (due.Count > 0)
        {
            await notifier.NotifyAsync(run.Id, due, ct);
            _told.UnionWith(due.Select(KeyOf));
        }

        return await real.AppendAsync(run, saga, entries, state, ct);
    }

    private static (string Name, string Key) KeyOf(Occurrence occurrence) => (occurrence.What.Versioned, occurrence.Key);
}
