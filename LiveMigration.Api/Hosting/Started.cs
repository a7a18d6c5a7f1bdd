namespace LiveMigration.Api.Hosting;

/// <summary>
/// Lets background work wait until the API listens and has answered once, or nobody has asked for a moment: whoever starts a
/// controller asks at once whether it is there, and on a small machine everything that starts beside that answer makes it later.
/// </summary>
internal sealed class Started(IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes note of the first answer; costs nothing from the second on.</summary>
    public RequestDelegate Watch(RequestDelegate next) => context => _answered.Task.IsCompleted ? next(context) : AnswerAsync(next, context);

    /// <summary>False when the program is stopped before it has started.</summary>
    public async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (!await ListensAsync(ct))
        {
            return false;
        }

        await Task.WhenAny(_answered.Task, Task.Delay(Patience, time, ct));
        return !ct.IsCancellationRequested;
    }

    private async Task<bool> ListensAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var onStop = ct.Register(() => started.TrySetResult(false));
        return await started.Task;
    }

    private async Task AnswerAsync(RequestDelegate next, HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            _answered.TrySetResult();
        }
    }
}
