using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Actions;

/// <summary>
/// Writes what is being done for a request into the instance's action, where clients look for the outcome. Events are
/// found again by name and host, so that a step run twice shows once. Plain SQL: see docs/decisions/0023.
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
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO instance_action_events (ActionId, Event, Host, StartTime)
            SELECT action.Id, {name}, {host}, {Now()} FROM instance_actions AS action
            WHERE action.RequestId = {requestId} AND NOT EXISTS (
                SELECT 1 FROM instance_action_events AS event
                WHERE event.ActionId = action.Id AND event.Event = {name} AND event.Host = {host} AND event.FinishTime IS NULL)
            """,
            ct);
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
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await NoteInAsync(db, requestId, name, host, began, error, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Closes an open event in the transaction that the context is in.</summary>
    internal Task FinishInAsync(ControlPlaneDbContext db, string requestId, string name, string host, string? error, CancellationToken ct) =>
        NoteInAsync(db, requestId, name, host, began: null, error, ct);

    private async Task NoteInAsync(
        ControlPlaneDbContext db, string requestId, string name, string host, DateTime? began, string? error, CancellationToken ct)
    {
        var (now, result, details) = (Now(), error is null ? "Success" : "Error", error is { Length: > 2000 } ? error[..2000] : error);
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE instance_action_events SET FinishTime = {now}, Result = {result}, Details = {details}
            WHERE FinishTime IS NULL AND Event = {name} AND Host = {host}
                AND ActionId = (SELECT Id FROM instance_actions WHERE RequestId = {requestId})
            """,
            ct);
        if (written == 0 && began is not null)
        {
            written = await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO instance_action_events (ActionId, Event, Host, StartTime, FinishTime, Result, Details)
                SELECT Id, {name}, {host}, max({began.Value}, StartTime), {now}, {result}, {details}
                FROM instance_actions WHERE RequestId = {requestId}
                """,
                ct);
        }

        if (written > 0)
        {
            var message = error is null ? null : "Error";
            await db.Database.ExecuteSqlAsync(
                $"UPDATE instance_actions SET UpdatedAt = {now}, Message = coalesce({message}, Message) WHERE RequestId = {requestId}", ct);
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
