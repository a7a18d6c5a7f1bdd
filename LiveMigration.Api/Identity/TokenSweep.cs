using LiveMigration.Api.Hosting;

namespace LiveMigration.Api.Identity;

/// <summary>Forgets tokens that have ended, every few minutes.</summary>
internal sealed partial class TokenSweep(IssuedTokens tokens, TimeProvider time, ILogger<TokenSweep> log) : IBackgroundWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await TrySweepAsync(ct);
            await Task.Delay(Interval, time, ct);
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
