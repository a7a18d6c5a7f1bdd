namespace LiveMigration.Core.Sagas;

/// <summary>Listens, while a step runs, whether somebody asks to take the saga back. Asks the journal once a second.</summary>
internal sealed class TurnListener<TState> : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _turn = new();
    private readonly CancellationTokenSource _stop;

    public TurnListener(ISagaJournal<TState> journal, SagaRun run, TimeProvider time, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _ = ListenAsync(journal, run, time, _stop.Token);
    }

    /// <summary>Cancelled once somebody has asked.</summary>
    public CancellationToken Token => _turn.Token;

    /// <summary>Stops listening. What it may still be reading is of no consequence.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task ListenAsync(ISagaJournal<TState> journal, SagaRun run, TimeProvider time, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(AskEvery, time, stop);
                if ((await journal.LoadAsync(run, stop)).AbortRequested)
                {
                    await _turn.CancelAsync();
                    return;
                }
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The step has ended.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A journal that can't be read now: the step is not disturbed, and an abort is seen at its end.
        }
    }
}
