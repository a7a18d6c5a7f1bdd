using LiveMigration.Core.Inventory;

namespace LiveMigration.Api.Hosting;

/// <summary>Keeps the inventory running as long as the program does.</summary>
internal sealed partial class InventoryLoop(
    HostInventory inventory, Started started, TimeProvider time, ILogger<InventoryLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await started.WaitAsync(stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await inventory.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(exception);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The inventory of hosts and guests failed; it starts again in 5 s.")]
    private partial void Failed(Exception exception);
}
