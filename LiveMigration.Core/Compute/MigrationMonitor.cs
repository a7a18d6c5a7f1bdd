using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Seed step 6, the loop: watches a transfer, writes down how far it is, and steers it. Needs nothing but the hosts and
/// the records, so it can be attached to a transfer that an earlier controller began.
/// </summary>
internal sealed partial class MigrationMonitor(
    IComputeDriver driver,
    MigrationProgress progress,
    SteeringRequests steering,
    LiveMigrationSettings settings,
    TimeProvider time,
    ILogger<MigrationMonitor> logger)
{
    private static readonly TimeSpan AbortShouldBeHeard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeverAgain = TimeSpan.FromSeconds(1);

    /// <summary>Watches until the transfer ends, or a post-copy breaks; how it ended is for both hosts to say.</summary>
    /// <param name="watched">The transfer.</param>
    /// <param name="transfer">libvirt's call; null when an earlier controller made it.</param>
    /// <param name="ct">Stops watching; the transfer goes on.</param>
    /// <returns>Why it was aborted, when it was by itself; null when it was not, or somebody asked for it.</returns>
    public async Task<string?> WatchAsync(WatchedTransfer watched, Task? transfer, CancellationToken ct)
    {
        var loop = new Loop(
            time.GetTimestamp(),
            ConvergencePolicy.DowntimeMs(watched.Options, watched.DataGiB, TimeSpan.Zero),
            new StallWatch(time, TimeSpan.FromSeconds(watched.Options.StalledTimeoutSeconds)))
        {
            PostCopy = watched.InPostCopy,
        };
        while (transfer is not { IsCompleted: true })
        {
            try
            {
                if (await LookAsync(watched, loop, ct) == JobState.None && transfer is null)
                {
                    break;
                }

                if (transfer is null && await HasBrokenAsync(watched, ct))
                {
                    break;
                }
            }
            catch (GuestNotFound) when (transfer is not null)
            {
                // It has left; libvirt's call is about to return.
            }
            catch (ControlPlaneException exception) when (transfer is not null)
            {
                // A look or a lever that failed is tried again: while libvirt's call is out, the transfer is watched.
                LogLookFailed(watched.Instance, exception.Message);
            }

            await PauseAsync(transfer, ct);
        }

        if (loop.StallNoted || loop.LateNoted || loop.RefusedAt is not null)
        {
            await TryNoteAsync(watched, reason: null, needsAttention: false, ct);
        }

        return loop.WhyAborted;
    }

    private async Task<JobState> LookAsync(WatchedTransfer watched, Loop loop, CancellationToken ct)
    {
        var job = await driver.GetJobAsync(watched.Source, watched.Instance, ct);
        await NoteLateAsync(watched, job, loop, ct);
        if (job.State != JobState.Active)
        {
            return JobState.None;
        }

        var elapsed = job.Elapsed > TimeSpan.Zero ? job.Elapsed : time.GetElapsedTime(loop.Began);
        if (!loop.PostCopy)
        {
            loop.DowntimeMs = await RaiseDowntimeAsync(watched, loop.DowntimeMs, elapsed, ct);
        }

        if (loop.Saved is null || time.GetElapsedTime(loop.Saved.Value).TotalMilliseconds >= settings.MonitorIntervalMs)
        {
            loop.Saved = time.GetTimestamp();
            await TrySaveAsync(watched, job, ct);
        }

        await (loop.PostCopy ? NoteStallAsync(watched, job, loop, ct) : TrySteerAsync(watched, job, elapsed, loop, ct));
        return JobState.Active;
    }

    /// <summary>A lever that is refused ends no watching: post-copy, for one, can't begin while disks are copied. It is pulled again a little later.</summary>
    private async Task TrySteerAsync(
        WatchedTransfer watched, JobStatistics job, TimeSpan elapsed, Loop loop, CancellationToken ct)
    {
        if (loop.RefusedAt is { } refused && time.GetElapsedTime(refused) < LeverAgain)
        {
            return;
        }

        try
        {
            await SteerAsync(watched, job, elapsed, loop, ct);
            if (loop.RefusedAt is not null)
            {
                loop.RefusedAt = null;
                await NoteRefusalAsync(watched, loop, reason: null, ct);
            }
        }
        catch (HypervisorRefused exception)
        {
            LogLeverRefused(watched.Instance, exception.Message);
            loop.RefusedAt = time.GetTimestamp();
            await NoteRefusalAsync(watched, loop, $"refused so far, and asked for again: {exception.Message}", ct);
        }
    }

    /// <summary>Not over what a transfer that was given up says of itself: that one needs somebody to look at it.</summary>
    private async Task NoteRefusalAsync(WatchedTransfer watched, Loop loop, string? reason, CancellationToken ct)
    {
        if (loop.WhyAborted is null)
        {
            await TryNoteAsync(watched, reason, needsAttention: false, ct);
        }
    }

    /// <summary>libvirt keeps the job of a post-copy that broke: only the guest's state tells. Where libvirt's call is out, that returns.</summary>
    private async Task<bool> HasBrokenAsync(WatchedTransfer watched, CancellationToken ct) =>
        await driver.FindGuestAsync(watched.Source, watched.Instance, ct) is { State: GuestState.PostCopyFailed };

    private async Task PauseAsync(Task? transfer, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pause = Task.Delay(TimeSpan.FromMilliseconds(settings.PollIntervalMs), time, enough.Token);
        await (transfer is null ? pause : Task.WhenAny(transfer, pause));
        await enough.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private async Task<int> RaiseDowntimeAsync(WatchedTransfer watched, int current, TimeSpan elapsed, CancellationToken ct)
    {
        var allowed = ConvergencePolicy.DowntimeMs(watched.Options, watched.DataGiB, elapsed);
        if (allowed == current)
        {
            return current;
        }

        LogDowntime(watched.Instance, allowed, elapsed.TotalSeconds);
        try
        {
            await driver.SetMaxDowntimeAsync(watched.Source, watched.Instance, TimeSpan.FromMilliseconds(allowed), ct);
        }
        catch (ControlPlaneException exception)
        {
            // The transfer may just have ended. It goes on with the old value; the next step tries again.
            LogDowntimeRefused(watched.Instance, exception.Message);
        }

        return allowed;
    }

    private async Task SteerAsync(
        WatchedTransfer watched, JobStatistics job, TimeSpan elapsed, Loop loop, CancellationToken ct)
    {
        var wishes = await TryReadWishesAsync(watched, loop, ct);
        var timedOut = ConvergencePolicy.HasTimedOut(watched.Options, watched.DataGiB, elapsed);
        var stalled = loop.Stall.HasStalled(job);
        if (wishes.Abort)
        {
            LogAbort(watched.Instance, "asked for");
            await driver.AbortJobAsync(watched.Source, watched.Instance, ct);
        }
        else if (WhyToAbort(watched, stalled, timedOut) is { } why || (why = loop.WhyAborted) is not null)
        {
            await GiveUpAsync(watched, loop, why, ct);
        }
        else if (!loop.Forced && (wishes.ForceComplete || timedOut))
        {
            await ForceAsync(watched, loop, ct);
            loop.Forced = true;
        }
    }

    /// <summary>What has not begun is not given up: it may wait for a log-in that hangs. But whoever looks is told.</summary>
    private async Task NoteLateAsync(WatchedTransfer watched, JobStatistics job, Loop loop, CancellationToken ct)
    {
        var late = loop.Stall.IsLate(job);
        if (late != loop.LateNoted)
        {
            var reason = $"the transfer has not begun within {watched.Options.StalledTimeoutSeconds} s: "
                + $"{watched.Source} may not reach the destination's libvirtd";
            loop.LateNoted = await TryNoteAsync(watched, late ? reason : null, needsAttention: late, ct) ? late : loop.LateNoted;
        }
    }

    /// <summary>A post-copy can't be given up; that it does not get on is at least said.</summary>
    private async Task NoteStallAsync(WatchedTransfer watched, JobStatistics job, Loop loop, CancellationToken ct)
    {
        var stalled = loop.Stall.HasStalled(job);
        if (stalled != loop.StallNoted)
        {
            var reason = $"the post-copy stands still, no data went through for {watched.Options.StalledTimeoutSeconds} s";
            loop.StallNoted = await TryNoteAsync(watched, stalled ? reason : null, needsAttention: stalled, ct) ? stalled : loop.StallNoted;
        }
    }

    private static string? WhyToAbort(WatchedTransfer watched, bool stalled, bool timedOut)
    {
        if (stalled)
        {
            return $"no data went through for {watched.Options.StalledTimeoutSeconds} s: the link between the hosts is cut or blocked";
        }

        return timedOut && watched.Options.TimeoutAction == TransferWords.Abort
            ? $"the transfer took longer than {ConvergencePolicy.TimeoutSeconds(watched.Options, watched.DataGiB)} s, "
                + $"{watched.Options.CompletionTimeoutSecondsPerGiB} for each GiB"
            : null;
    }

    private async Task GiveUpAsync(WatchedTransfer watched, Loop loop, string why, CancellationToken ct)
    {
        if (loop.WhyAborted is null)
        {
            loop.WhyAborted = why;
            loop.AbortedAt = time.GetTimestamp();
            LogAbort(watched.Instance, why);
        }
        else if (time.GetElapsedTime(loop.AbortedAt) >= AbortShouldBeHeard)
        {
            await TryNoteAsync(
                watched, $"{why}; it was aborted, but {watched.Source} still holds on to it", needsAttention: true, ct);
        }

        await driver.AbortJobAsync(watched.Source, watched.Instance, ct);
    }

    private async Task ForceAsync(WatchedTransfer watched, Loop loop, CancellationToken ct)
    {
        LogForce(watched.Instance, watched.MayPostCopy ? "post-copy" : "pausing the guest");
        if (watched.MayPostCopy)
        {
            await driver.StartPostCopyAsync(watched.Source, watched.Instance, ct);
            loop.PostCopy = true;
            await progress.MoveToAsync(watched.MigrationId, MigrationStatus.RunningPostCopy, ct);
        }
        else
        {
            await driver.SuspendAsync(watched.Source, watched.Instance, ct);
        }
    }

    private async Task TrySaveAsync(WatchedTransfer watched, JobStatistics job, CancellationToken ct)
    {
        try
        {
            await progress.SaveAsync(watched.MigrationId, watched.Instance, job, ct);
        }
        catch (Exception exception) when (SqliteFaults.Explain(exception) is { } trouble)
        {
            LogNotSaved(watched.Instance, trouble);
        }
    }

    /// <returns>True when it stands in the record.</returns>
    private async Task<bool> TryNoteAsync(WatchedTransfer watched, string? reason, bool needsAttention, CancellationToken ct)
    {
        try
        {
            await progress.NoteAsync(watched.MigrationId, reason, needsAttention, ct);
            return true;
        }
        catch (Exception exception) when (SqliteFaults.Explain(exception) is { } trouble)
        {
            LogNotSaved(watched.Instance, trouble);
            return false;
        }
    }

    private async Task<MigrationProgress.Wishes> TryReadWishesAsync(WatchedTransfer watched, Loop loop, CancellationToken ct)
    {
        var asked = steering.Count;
        if (loop.Wishes is { } known && loop.WishesOf == asked)
        {
            return known;
        }

        try
        {
            (loop.Wishes, loop.WishesOf) = (await progress.ReadWishesAsync(watched.MigrationId, ct), asked);
            return loop.Wishes;
        }
        catch (Exception exception) when (SqliteFaults.Explain(exception) is { } trouble)
        {
            LogNotSaved(watched.Instance, trouble);
            return new MigrationProgress.Wishes(Abort: false, ForceComplete: false);
        }
    }

    /// <summary>What the loop remembers from one look to the next.</summary>
    private sealed class Loop(long began, int downtimeMs, StallWatch stall)
    {
        public long Began { get; } = began;

        public int DowntimeMs { get; set; } = downtimeMs;

        public long? Saved { get; set; }

        public bool Forced { get; set; }

        /// <summary>What somebody had asked for when that was read last; null before.</summary>
        public MigrationProgress.Wishes? Wishes { get; set; }

        /// <summary>How many requests there had been then.</summary>
        public long WishesOf { get; set; }

        public StallWatch Stall { get; } = stall;

        /// <summary>True once the guest has switched over: no way back, no time limit, no downtime to allow.</summary>
        public bool PostCopy { get; set; }

        public string? WhyAborted { get; set; }

        public long AbortedAt { get; set; }

        public bool StallNoted { get; set; }

        public bool LateNoted { get; set; }

        /// <summary>When a lever was refused last; null when the last one was not.</summary>
        public long? RefusedAt { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: steering the transfer was refused, it is tried again: {Reason}")]
    private partial void LogLeverRefused(Guid instance, string reason);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: a look at the transfer failed, it is watched on: {Reason}")]
    private partial void LogLookFailed(Guid instance, string reason);

    [LoggerMessage(LogLevel.Information, "Instance {Instance}: allowing a downtime of {Milliseconds} ms after {Seconds:F0} s")]
    private partial void LogDowntime(Guid instance, int milliseconds, double seconds);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: the allowed downtime could not be changed: {Reason}")]
    private partial void LogDowntimeRefused(Guid instance, string reason);

    [LoggerMessage(LogLevel.Information, "Instance {Instance}: aborting the transfer ({Why})")]
    private partial void LogAbort(Guid instance, string why);

    [LoggerMessage(LogLevel.Information, "Instance {Instance}: forcing the transfer to its end by {How}")]
    private partial void LogForce(Guid instance, string how);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: the state database could not be used, the transfer is watched on: {Trouble}")]
    private partial void LogNotSaved(Guid instance, string trouble);
}
