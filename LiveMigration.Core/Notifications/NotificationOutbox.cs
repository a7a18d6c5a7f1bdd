using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Notifications;

/// <summary>
/// Where notifications are written before any sink is asked. One after the other, in the order they were put, each in a
/// transaction of its own. A migration waits for that as long as it is quick, and never learns that it failed.
/// </summary>
internal sealed partial class NotificationOutbox(
    IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time, ILogger<NotificationOutbox> logger)
{
    /// <summary>How long a migration waits for one write at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const int MostPending = 1000;

    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private TaskCompletionSource _next = NewSignal();
    private int _pending;
    private bool _late;

    /// <summary>Completes as soon as something more has been written than when it was read.</summary>
    public Task NextWrite
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Makes and writes; comes back when it is written, failed or takes too long. Throws nothing.</summary>
    public async Task PutAsync(Func<Task<IReadOnlyList<OutgoingNotification>>> make, CancellationToken ct)
    {
        bool late;
        lock (_gate)
        {
            late = _late;
        }

        var written = Reserve(make);
        if (late)
        {
            // The store has been slow already: the order is kept, but nobody waits until it has caught up.
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var inTime = await Task.WhenAny(written, Task.Delay(Patience, time, enough.Token)) == written;
        await enough.CancelAsync();
        if (!inTime && !ct.IsCancellationRequested)
        {
            lock (_gate)
            {
                _late = _pending > 0;
            }

            LogLate(Patience.TotalSeconds);
        }
    }

    /// <summary>Takes the next place; completes, without throwing, when it was written or has failed.</summary>
    public Task Reserve(Func<Task<IReadOnlyList<OutgoingNotification>>> make)
    {
        lock (_gate)
        {
            if (_pending >= MostPending)
            {
                LogFull(MostPending);
                return Task.CompletedTask;
            }

            _pending++;
            var before = _last;
            return _last = Task.Run(() => WriteAfterAsync(before, make));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAfterAsync(Task before, Func<Task<IReadOnlyList<OutgoingNotification>>> make)
    {
        await before;
        try
        {
            var made = await make();
            if (made.Count > 0)
            {
                await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
                db.Outbox.AddRange(made);
                await db.SaveChangesAsync(CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }

        Written();
    }

    private void Written()
    {
        TaskCompletionSource written;
        lock (_gate)
        {
            _pending--;
            _late &= _pending > 0;
            (written, _next) = (_next, NewSignal());
        }

        written.TrySetResult();
    }

    [LoggerMessage(LogLevel.Error, "A notification could not be written and is lost; the migration goes on")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "A notification was not written within {Seconds} s; the migration goes on, it is written when the store can")]
    private partial void LogLate(double seconds);

    [LoggerMessage(LogLevel.Error, "{Pending} notifications wait to be written; the next one is lost, the migration goes on")]
    private partial void LogFull(int pending);
}
