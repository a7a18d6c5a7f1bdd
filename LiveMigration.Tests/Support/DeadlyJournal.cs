using LiveMigration.Core.Sagas;
using LiveMigration.Tests.Sagas;

namespace LiveMigration.Tests.Support;

/// <summary>When a controller dies: before or after its n-th journal write.</summary>
/// <param name="Write">The write, counted from 1.</param>
/// <param name="After">True to die after it was made.</param>
internal sealed record Death(int Write, bool After);

/// <summary>What all journals of one controller process share: how far it has come, and whether it still lives.</summary>
internal sealed class Fate(Death? death)
{
    private int _writes;

    public bool Dead { get; set; }

    public int Writes => _writes;

    public (bool Before, bool After) Next()
    {
        var write = Interlocked.Increment(ref _writes);
        return (death is { After: false } && death.Write == write, death is { After: true } && death.Write == write);
    }
}

/// <summary>The real journal, in a process that dies when its fate says so.</summary>
internal sealed class DeadlyJournal<TState>(ISagaJournal<TState> real, Fate fate) : ISagaJournal<TState>
    where TState : class
{
    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) =>
        fate.Dead ? Task.FromResult<SagaRun?>(null) : real.TryTakeAsync(id, ct);

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) => fate.Dead ? Task.FromResult(false) : real.RenewAsync(run, ct);

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct) =>
        fate.Dead ? Task.CompletedTask : real.ReleaseAsync(run, retryAt, attention, ct);

    public Task<SagaSnapshot<TState>> LoadAsync(SagaRun run, CancellationToken ct) =>
        fate.Dead ? throw new Killed() : real.LoadAsync(run, ct);

    public async Task<SagaSnapshot<TState>> AppendAsync(
        SagaRun run, SagaSnapshot<TState> saga, IReadOnlyList<JournalEntry> entries, TState state, CancellationToken ct)
    {
        if (fate.Dead)
        {
            throw new Killed();
        }

        var (before, after) = fate.Next();
        if (before)
        {
            Die();
        }

        var written = await real.AppendAsync(run, saga, entries, state, ct);
        if (after)
        {
            Die();
        }

        return written;
    }

    private void Die()
    {
        fate.Dead = true;
        throw new Killed();
    }
}
