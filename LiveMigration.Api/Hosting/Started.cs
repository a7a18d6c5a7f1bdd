namespace LiveMigration.Api.Hosting;

/// <summary>Lets background work wait until the API listens: being ready comes first.</summary>
internal static class Started
{
    /// <summary>False when the program is stopped before it has started.</summary>
    public static async Task<bool> WaitAsync(IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var onStop = ct.Register(() => started.TrySetResult(false));
        return await started.Task;
    }
}
