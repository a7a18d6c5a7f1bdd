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
    private List<JournalEntry> _lines = [];

    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => real.TryTakeAsync(id, ct);

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => real.RenewAsync(run, ct);

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct) =>
        real.ReleaseAsync(run, retryAt, attention, ct);

    public async Task<SagaSnapshot<LiveMigrationState>> LoadAsync(SagaRun run, CancellationToken ct)
    {
        var snapshot = await real.LoadAsync(run, ct);
        // The lines of this drive are kept as they were told: what was stored knows less of errors.
        _lines = [.. _lines, .. snapshot.Journal.Skip(_lines.Count)];
        return snapshot;
    }

    public async Task AppendAsync(SagaRun run, IReadOnlyList<JournalEntry> entries, LiveMigrationState state, CancellationToken ct)
    {
        List<JournalEntry> lines = [.. _lines];
        foreach (var entry in entries)
        {
            var due = plan.At(entry, lines, state).Where(occurrence => _told.Add((occurrence.What.Versioned, occurrence.Key))).ToList();
            if (due.Count > 0)
            {
                await notifier.NotifyAsync(run.Id, due, ct);
            }

            lines.Add(entry);
        }

        await real.AppendAsync(run, entries, state, ct);
        _lines = lines;
    }
}
