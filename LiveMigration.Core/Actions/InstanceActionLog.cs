using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Actions;

/// <summary>
/// Writes what is being done for a request into the instance's action, where clients look for the outcome. Events are
/// found again by name and host, so that a step run twice shows once.
/// </summary>
public sealed class InstanceActionLog(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan SoonDone = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs the work under an event. Work that is soon done is written down once, with its outcome; only longer work is
    /// seen to be under way.
    /// </summary>
    public async Task<T> RecordAsync<T>(string requestId, string name, string host, Func<Task<T>> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = Now();
        var running = work();
        using (var enough = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            if (await Task.WhenAny(running, Task.Delay(SoonDone, time, enough.Token)) != running)
            {
                await StartAsync(requestId, name, host, ct);
            }

            await enough.CancelAsync();
        }

        try
        {
            var result = await running;
            await WriteAsync(requestId, name, host, began, error: null, ct);
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await WriteAsync(requestId, name, host, began, exception.Message, ct);
            throw;
        }
    }

    /// <summary>Opens an event; one that is open already stays as it is.</summary>
    public async Task StartAsync(string requestId, string name, string host, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var action = await db.InstanceActions.AsNoTracking().SingleOrDefaultAsync(row => row.RequestId == requestId, ct);
        if (action is null || await Open(db, action.Id, name, host).AnyAsync(ct))
        {
            return;
        }

        db.InstanceActionEvents.Add(new InstanceActionEvent
        {
            ActionId = action.Id,
            Event = name,
            Host = host,
            StartTime = Now(),
        });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Closes an open event; without an error as a success.</summary>
    public Task FinishAsync(string requestId, string name, string host, string? error, CancellationToken ct) =>
        WriteAsync(requestId, name, host, began: null, error, ct);

    /// <summary>Writes an event that began with its action and has ended.</summary>
    public Task NoteAsync(string requestId, string name, string host, string? error, CancellationToken ct) =>
        WriteAsync(requestId, name, host, DateTime.MinValue, error, ct);

    /// <summary>Writes an outcome: into the event that is open, or into a new one if it is known when it began.</summary>
    private async Task WriteAsync(string requestId, string name, string host, DateTime? began, string? error, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await NoteInAsync(db, requestId, name, host, began, error, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Closes an open event together with what else the context will save.</summary>
    internal Task FinishInAsync(ControlPlaneDbContext db, string requestId, string name, string host, string? error, CancellationToken ct) =>
        NoteInAsync(db, requestId, name, host, began: null, error, ct);

    private async Task NoteInAsync(
        ControlPlaneDbContext db, string requestId, string name, string host, DateTime? began, string? error, CancellationToken ct)
    {
        if (await db.InstanceActions.SingleOrDefaultAsync(row => row.RequestId == requestId, ct) is not { } action)
        {
            return;
        }

        var row = await Open(db, action.Id, name, host).FirstOrDefaultAsync(ct);
        if (row is null && began is not null)
        {
            row = new InstanceActionEvent { ActionId = action.Id, Event = name, Host = host, StartTime = began.Value > action.StartTime ? began.Value : action.StartTime };
            db.InstanceActionEvents.Add(row);
        }

        if (row is null)
        {
            return;
        }

        row.FinishTime = Now();
        row.Result = error is null ? "Success" : "Error";
        row.Details = error is { Length: > 2000 } ? error[..2000] : error;
        action.UpdatedAt = row.FinishTime;
        if (error is not null)
        {
            action.Message = "Error";
        }
    }

    private static IQueryable<InstanceActionEvent> Open(ControlPlaneDbContext db, int action, string name, string host) =>
        db.InstanceActionEvents.Where(row => row.ActionId == action && row.Event == name && row.Host == host && row.FinishTime == null);

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
