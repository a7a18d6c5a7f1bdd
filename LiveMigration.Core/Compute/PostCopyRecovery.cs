using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Takes up a post-copy that broke. The guest is half here and half there, so it is neither taken back nor cleared away:
/// the rest of its memory is sent on a new stream, tried again until that works.
/// </summary>
internal sealed partial class PostCopyRecovery(
    IComputeDriver driver, MigrationMonitor monitor, MigrationProgress progress, LostGuest lost, TimeProvider time, ILogger<PostCopyRecovery> logger)
{
    private const int AttemptsUntilHelp = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Comes back when the transfer has ended, or is no longer broken. How it ended is for both hosts to say.</summary>
    /// <param name="watched">The transfer.</param>
    /// <param name="how">How it was begun.</param>
    /// <param name="ct">Stops trying; the guest waits.</param>
    public async Task ResumeAsync(WatchedTransfer watched, TransferRequest how, CancellationToken ct)
    {
        const string Broke = "the post-copy broke, the guest waits for the rest of its memory";
        await progress.NoteAsync(watched.MigrationId, $"{Broke}; it is being resumed", needsAttention: false, ct);
        var pause = FirstPause;
        for (var attempt = 1; await IsBrokenAsync(watched, ct) && !await IsLostAsync(watched, how, ct); attempt++)
        {
            LogResuming(watched.Instance, attempt);
            if (await TryAsync(watched, how, ct) is not { } trouble)
            {
                break;
            }

            LogNotResumed(watched.Instance, attempt, trouble);
            await progress.NoteAsync(
                watched.MigrationId,
                $"{Broke}; resuming it failed {attempt} times, it is tried on: {trouble}",
                needsAttention: attempt >= AttemptsUntilHelp,
                ct);
            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        await progress.NoteAsync(watched.MigrationId, reason: null, needsAttention: false, ct);
    }

    /// <returns>Why it did not work; null when it did.</returns>
    private async Task<string?> TryAsync(WatchedTransfer watched, TransferRequest how, CancellationToken ct)
    {
        var transfer = driver.TransferAsync(watched.Source, watched.Instance, how with { Resume = true }, ct);
        await monitor.WatchAsync(watched with { InPostCopy = true }, transfer, ct);
        try
        {
            await transfer;
            return null;
        }
        catch (ControlPlaneException exception)
        {
            return exception.Message;
        }
    }

    private async Task<bool> IsBrokenAsync(WatchedTransfer watched, CancellationToken ct) =>
        await driver.FindGuestAsync(watched.Source, watched.Instance, ct) is { State: GuestState.PostCopyFailed };

    private async Task<bool> IsLostAsync(WatchedTransfer watched, TransferRequest how, CancellationToken ct)
    {
        try
        {
            return await lost.FindOutAsync(watched.Instance, watched.Source, how.Destination, watched.Migration, ct) is not null;
        }
        catch (HypervisorUnavailable)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: its post-copy broke; resuming it, attempt {Attempt}")]
    private partial void LogResuming(Guid instance, int attempt);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: resuming its post-copy failed (attempt {Attempt}): {Reason}")]
    private partial void LogNotResumed(Guid instance, int attempt, string reason);
}
