using LiveMigration.Api.Hosting;

namespace LiveMigration.Api.Identity;

/// <summary>Forgets tokens that have ended, every few minutes.</summary>
internal sealed partial class TokenSweep(
    IssuedTokens tokens, TimeProvider time, Started started, ILogger<TokenSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await started.WaitAsync(stoppingToken))
        {
            return;
        }

        try
        {
            while (true)
            {
                await TrySweepAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the program.
        }
    }

    private async Task TrySweepAsync(CancellationToken ct)
    {
        try
        {
            await tokens.SweepAsync(ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended tokens stay in the database a while longer: {Reason}")]
    private partial void Failed(string reason);
}
