using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Hands what is in the outbox to each sink: in order, at least once, each at its own pace. A sink that fails is asked
/// again with the same message, ever less often; the others go on.
/// </summary>
public sealed partial class NotificationDispatcher
{
    private const int Batch = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TidyAgain = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<INotificationSink> _sinks;
    private readonly IDbContextFactory<ControlPlaneDbContext> _contexts;
    private readonly NotificationOutbox _outbox;
    private readonly UntoldEnds _untold;
    private readonly NotificationSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<NotificationDispatcher> _logger;

    internal NotificationDispatcher(
        IReadOnlyList<INotificationSink> sinks,
        IDbContextFactory<ControlPlaneDbContext> contexts,
        NotificationOutbox outbox,
        UntoldEnds untold,
        NotificationSettings settings,
        TimeProvider time,
        ILogger<NotificationDispatcher> logger) =>
        (_sinks, _contexts, _outbox, _untold, _settings, _time, _logger) = (sinks, contexts, outbox, untold, settings, time, logger);

    /// <summary>Delivers until it is stopped.</summary>
    public Task RunAsync(CancellationToken ct) =>
        Task.WhenAll([.. _sinks.Select(sink => DeliverAsync(sink, ct)), TidyAsync(ct), TellUntoldAsync(ct)]);

    private async Task TellUntoldAsync(CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await _untold.TellAsync(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogNotTold(exception);
        }
        catch (OperationCanceledException)
        {
            // The program stops; the next start asks again.
        }
    }

    private async Task DeliverAsync(INotificationSink sink, CancellationToken ct)
    {
        // Away from the caller: SQLite's calls are synchronous.
        await Task.Yield();
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            var more = _outbox.NextWrite;
            try
            {
                if (await DeliverBatchAsync(sink, ct) == 0)
                {
                    await PauseAsync(more, LookAgain, ct);
                }

                if (failures > 0)
                {
                    LogBack(sink.Name);
                }

                failures = 0;
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                var pause = Pause(++failures);
                LogFailed(sink.Name, exception.Message, pause.TotalSeconds);
                await PauseAsync(Task.Delay(Timeout.InfiniteTimeSpan, _time, ct), pause, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<int> DeliverBatchAsync(INotificationSink sink, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var position = await db.SinkPositions.SingleOrDefaultAsync(row => row.Sink == sink.Name, ct);
        if (position is null)
        {
            position = new SinkPosition { Sink = sink.Name, Position = 0 };
            db.SinkPositions.Add(position);
        }

        var from = position.Position;
        var rows = await db.Outbox.AsNoTracking().Where(row => row.Id > from).OrderBy(row => row.Id).Take(Batch).ToListAsync(ct);
        try
        {
            foreach (var row in rows)
            {
                await SendAsync(sink, row, ct);
                position.Position = row.Id;
            }
        }
        finally
        {
            // Not with the token: what was taken is noted at shutdown too.
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return rows.Count;
    }

    private async Task SendAsync(INotificationSink sink, OutgoingNotification row, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        var message = new NotificationMessage(row.Id, row.MessageId, row.EventType, row.Priority, row.Versioned, row.RequestId, row.Body);
        try
        {
            // A sink that does not heed its token is left behind all the same.
            await sink.SendAsync(message, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException given) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds} s", given);
        }
    }

    private async Task TidyAsync(CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested)
        {
            await PauseAsync(Task.Delay(Timeout.InfiniteTimeSpan, _time, ct), TidyAgain, ct);
            try
            {
                await RemoveAsync(ct);
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                LogNotTidied(exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Removes what every sink has, and what is kept for too long or is too much.</summary>
    private async Task RemoveAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var names = _sinks.Select(sink => sink.Name).ToList();
        var positions = await db.SinkPositions.Where(row => names.Contains(row.Sink)).Select(row => row.Position).ToListAsync(ct);
        var taken = positions.Count < names.Count ? 0 : positions.Min();
        await db.Outbox.Where(row => row.Id <= taken).ExecuteDeleteAsync(ct);
        if (await db.Outbox.MaxAsync(row => (long?)row.Id, ct) is not { } newest)
        {
            return;
        }

        var tooMany = newest - _settings.KeepRows;
        var tooOld = _time.GetUtcNow().UtcDateTime.AddHours(-_settings.KeepHours);
        var dropped = await db.Outbox.Where(row => row.Id <= tooMany || row.CreatedAt < tooOld).ExecuteDeleteAsync(ct);
        if (dropped > 0)
        {
            LogDropped(dropped, _settings.KeepHours, _settings.KeepRows);
        }
    }

    private static TimeSpan Pause(int failures)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 10)));
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task PauseAsync(Task woken, TimeSpan atMost, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(woken, Task.Delay(atMost, _time, enough.Token));
        await enough.CancelAsync();
    }

    [LoggerMessage(LogLevel.Warning, "Notifications: {Sink} did not take one, it is handed over again in {Seconds} s: {Reason}")]
    private partial void LogFailed(string sink, string reason, double seconds);

    [LoggerMessage(LogLevel.Information, "Notifications: {Sink} takes them again")]
    private partial void LogBack(string sink);

    [LoggerMessage(LogLevel.Warning, "Notifications: {Dropped} were dropped that some sink had not taken (kept: {Hours} h, {Rows} at most)")]
    private partial void LogDropped(int dropped, int hours, int rows);

    [LoggerMessage(LogLevel.Warning, "Notifications: ends that may not have been told could not be looked for; the next start does it again")]
    private partial void LogNotTold(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Notifications: the outbox could not be tidied: {Reason}")]
    private partial void LogNotTidied(string reason);
}
