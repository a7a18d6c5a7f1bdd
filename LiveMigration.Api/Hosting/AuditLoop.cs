using LiveMigration.Core.Auditing;

namespace LiveMigration.Api.Hosting;

/// <summary>Keeps the auditor running as long as the program does.</summary>
internal sealed class AuditLoop(Auditor auditor, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Started.WaitAsync(lifetime, stoppingToken))
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
