using LiveMigration.Api.Hosting;
using LiveMigration.Core.Notifications;

namespace LiveMigration.Api.Notifications;

/// <summary>Delivers notifications as long as the program runs.</summary>
internal sealed class NotificationLoop(NotificationDispatcher dispatcher, Started started) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await started.WaitAsync(stoppingToken))
        {
            await dispatcher.RunAsync(stoppingToken);
        }
    }
}
