using LiveMigration.Api.Hosting;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Power;
using MediatR;

namespace LiveMigration.Api.Jobs;

/// <summary>
/// Takes up power actions that nobody does: at start those of a controller that died, then those whose host stopped
/// answering.
/// </summary>
internal sealed partial class RecoverPowerTasks(
    IServiceScopeFactory scopes, IPowerQueue queue, TimeProvider time, ILogger<RecoverPowerTasks> log) : IBackgroundWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await TakeUpAsync(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(exception);
            }

            await Task.Delay(Interval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var left = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new FindPowerTasks.Request(), ct);
        foreach (var id in left.TaskIds)
        {
            queue.Enqueue(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for unfinished power actions failed; it is tried again in 5 s.")]
    private partial void Failed(Exception exception);
}
