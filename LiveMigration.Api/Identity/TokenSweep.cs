using LiveMigration.Api.Hosting;

namespace LiveMigration.Api.Identity;

/// <summary>Forgets tokens that have ended, every few minutes.</summary>
internal sealed partial class TokenSweep(
    IssuedTokens tokens, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<TokenSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Started.WaitAsync(lifetime, stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, time, stoppingToken);
                await tokens.SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended tokens stay in the database a while longer: {Reason}")]
    private partial void Failed(string reason);
}
