using LiveMigration.Core.Auditing;

namespace LiveMigration.Api.Hosting;

/// <summary>Keeps the auditor running as long as the program does.</summary>
internal sealed class AuditLoop(Auditor auditor, Started started) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await started.WaitAsync(stoppingToken))
        {
            return;
        }

        try
        {
            await auditor.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }
}
