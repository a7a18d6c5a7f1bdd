using LiveMigration.Api.Hosting;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using MediatR;

namespace LiveMigration.Api.Jobs;

/// <summary>
/// Takes up every migration, and every server's making or removal, that has not ended and that nobody drives: at start, and then again and again. This is what
/// makes the queue's forgetfulness harmless.
/// </summary>
internal sealed partial class RecoverUnfinishedMigrations(
    IServiceScopeFactory scopes,
    IMigrationQueue queue,
    IInstanceQueue servers,
    TimeProvider time,
    ILogger<RecoverUnfinishedMigrations> log) : IBackgroundWork
{
    // One indexed query; a retry that is due should not wait for a slower pass.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, time);
        string? lastFailure = null;
        do
        {
            try
            {
                await TakeUpAsync(ct);
                lastFailure = null;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Said once, not every second.
                if (!exception.Message.Equals(lastFailure, StringComparison.Ordinal))
                {
                    Failed(exception);
                }

                lastFailure = exception.Message;
            }
        }
        while (await NextAsync(timer, ct));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakeUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var unfinished = await mediator.Send(new FindUnfinishedMigrations.Request(), ct);
        foreach (var id in unfinished.MigrationIds)
        {
            queue.Enqueue(id);
        }

        var halfway = await mediator.Send(new FindUnfinishedServers.Request(), ct);
        foreach (var build in halfway.Builds)
        {
            servers.EnqueueBuild(build);
        }

        foreach (var instance in halfway.Deletions)
        {
            servers.EnqueueDeletion(instance);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for unfinished migrations failed; it is tried again every second.")]
    private partial void Failed(Exception exception);
}
