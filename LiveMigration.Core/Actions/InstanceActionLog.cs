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
    /// <summary>Opens an event, runs the work, and closes the event with its outcome.</summary>
    public async Task<T> RecordAsync<T>(string requestId, string name, string host, Func<Task<T>> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        await StartAsync(requestId, name, host, ct);
        try
        {
            var result = await work();
            await FinishAsync(requestId, name, host, error: null, ct);
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await FinishAsync(requestId, name, host, exception.Message, ct);
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
    public async Task FinishAsync(string requestId, string name, string host, string? error, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var action = await db.InstanceActions.SingleOrDefaultAsync(row => row.RequestId == requestId, ct);
        if (action is null || await Open(db, action.Id, name, host).FirstOrDefaultAsync(ct) is not { } row)
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

        await db.SaveChangesAsync(ct);
    }

    private static IQueryable<InstanceActionEvent> Open(ControlPlaneDbContext db, int action, string name, string host) =>
        db.InstanceActionEvents.Where(row => row.ActionId == action && row.Event == name && row.Host == host && row.FinishTime == null);

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
