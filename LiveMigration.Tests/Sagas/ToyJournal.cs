using LiveMigration.Core.Sagas;

namespace LiveMigration.Tests.Sagas;

/// <summary>The process died here.</summary>
internal sealed class Killed : Exception;

/// <summary>The store was away.</summary>
internal sealed class Away : Exception;

/// <summary>Knows that.</summary>
internal sealed class ToyOutages : IJournalOutages
{
    public string? Explain(Exception exception) => exception is Away ? "it is away" : null;
}

/// <summary>A journal in memory that can kill its driver before or after any write.</summary>
internal sealed class ToyJournal : ISagaJournal<ToyState>
{
    private readonly List<JournalEntry> _lines = [];
    private ToyState _state = new();
    private int _epoch;
    private int _writes;
    private bool _isAway;

    /// <summary>The write, counted from 1, at which the driver dies.</summary>
    public int? DiesAt { get; set; }

    /// <summary>True to die after the write was made, false before.</summary>
    public bool DiesLate { get; set; }

    /// <summary>The write, counted from 1, at which the store goes away.</summary>
    public int? AwayAt { get; set; }

    /// <summary>True when that write is made all the same.</summary>
    public bool AwayLate { get; set; }

    /// <summary>How often it is asked in vain then.</summary>
    public int AwayFor { get; set; } = 5;

    /// <summary>True when somebody else takes the saga over, and writes the same lines, while the store is away.</summary>
    public bool TakenOverMeanwhile { get; set; }

    public bool Abort { get; set; }

    public SagaAttention? Attention { get; private set; }

    public IReadOnlyList<JournalEntry> Lines => _lines;

    public ToyState State => _state;

    public Task<SagaRun?> TryTakeAsync(int id, CancellationToken ct) => Task.FromResult<SagaRun?>(
        _lines.Exists(line => line.Kind is JournalKind.Completed or JournalKind.Unwound) ? null : new SagaRun(id, ++_epoch));

    public Task<bool> RenewAsync(SagaRun run, CancellationToken ct) =>
        _isAway && AwayFor-- > 0 ? throw new Away() : Task.FromResult(run.Epoch == _epoch);

    public Task ReleaseAsync(SagaRun run, DateTime? retryAt, SagaAttention? attention, CancellationToken ct)
    {
        Attention = attention;
        return Task.CompletedTask;
    }

    public Task<SagaSnapshot<ToyState>> LoadAsync(SagaRun run, CancellationToken ct)
    {
        if (_isAway && AwayFor-- > 0)
        {
            throw new Away();
        }

        return Task.FromResult(new SagaSnapshot<ToyState>(_state, [.. _lines], Abort));
    }

    public Task<SagaSnapshot<ToyState>> AppendAsync(
        SagaRun run, SagaSnapshot<ToyState> saga, IReadOnlyList<JournalEntry> entries, ToyState state, CancellationToken ct)
    {
        if (run.Epoch != _epoch)
        {
            throw new LeaseLost(run.Id, run.Epoch);
        }

        _isAway = ++_writes == AwayAt;
        if (_isAway && TakenOverMeanwhile)
        {
            _epoch++;
            _lines.AddRange(entries);
            throw new Away();
        }

        if (_isAway && !AwayLate)
        {
            throw new Away();
        }

        var dies = _writes == DiesAt;
        if (dies && !DiesLate)
        {
            throw new Killed();
        }

        _lines.AddRange(entries);
        _state = state;
        if (_isAway)
        {
            throw new Away();
        }

        return dies ? throw new Killed() : LoadAsync(run, ct);
    }
}
