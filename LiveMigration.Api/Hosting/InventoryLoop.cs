using LiveMigration.Core.Inventory;

namespace LiveMigration.Api.Hosting;

/// <summary>Keeps the inventory running as long as the program does.</summary>
internal sealed partial class InventoryLoop(HostInventory inventory, TimeProvider time, ILogger<InventoryLoop> log) : IBackgroundWork
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await inventory.RunAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(exception);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The inventory of hosts and guests failed; it starts again in 5 s.")]
    private partial void Failed(Exception exception);
}
