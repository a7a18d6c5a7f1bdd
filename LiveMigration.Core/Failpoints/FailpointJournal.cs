using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Failpoints;

/// <summary>A journal with a failpoint before and after each of its writes, named after the first line that is written.</summary>
internal sealed class FailpointJournal<TState>(ISagaJournal<TState> real, string name, FailpointTrack track) : ISagaJournal<TState>
    where TState : class
{
    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => WriteAsync("take", () => real.TryTakeAsync(id, ct));

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => WriteAsync("renew", () => real.RenewAsync(run, ct));

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct) => WriteAsync("release", async () =>
    {
        await real.ReleaseAsync(run, retryAt, attention, ct);
        return true;
    });

    public Task<SagaSnapshot<TState>> LoadAsync(SagaRun run, CancellationToken ct) => real.LoadAsync(run, ct);

    public Task<SagaSnapshot<TState>> AppendAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, TState state, CancellationToken ct) =>
        WriteAsync(NameOf(entries[0]), () => real.AppendAsync(run, saga, entries, state, ct));

    private static string NameOf(JournalEntry entry) => entry.Step.Length == 0 ? $"{entry.Kind}" : $"{entry.Step}.{entry.Kind}";

    private async Task<T> WriteAsync<T>(string what, Func<Task<T>> write)
    {
        await track.PassAsync($"{name}:{what}:before");
        try
        {
            return await write();
        }
        finally
        {
            await track.PassAsync($"{name}:{what}:after");
        }
    }
}
