using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>Waits until a destination lacks nothing more of a guest's interfaces, as long as is allowed.</summary>
internal sealed partial class VifPlugging(
    MigrationProgress progress, LiveMigrationSettings settings, TimeProvider time, ILogger<VifPlugging> logger)
{
    /// <summary>The value of <see cref="LiveMigrationSettings.WaitForVifPlug"/> that waits before the transfer.</summary>
    public const string Hold = "hold";

    /// <summary>The one that begins slowly and waits meanwhile.</summary>
    public const string Slow = "slow";

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits.</summary>
    /// <param name="missing">What the host still lacks.</param>
    /// <returns>True when nothing is missing, or it took too long and may go on all the same; false when the migration shall be aborted.</returns>
    /// <exception cref="MigrationError">It took too long, and that is fatal.</exception>
    public async Task<bool> WaitAsync(
        int migrationId, string destination, Func<CancellationToken, Task<IReadOnlyList<string>>> missing, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var limit = TimeSpan.FromSeconds(settings.VifPluggingTimeoutSeconds);
        while (limit > TimeSpan.Zero)
        {
            var lacking = await AskAsync(missing, ct);
            if (lacking is null)
            {
                return true;
            }

            if (await IsUnwantedAsync(migrationId, ct))
            {
                return false;
            }

            if (time.GetElapsedTime(began) >= limit)
            {
                GiveUp(destination, lacking);
                return true;
            }

            await Task.Delay(Again, time, ct);
        }

        return true;
    }

    /// <summary>In words; null when nothing is missing. A host that does not answer has not said that it is ready.</summary>
    private static async Task<string?> AskAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> missing, CancellationToken ct)
    {
        try
        {
            var lacking = await missing(ct);
            return lacking.Count == 0 ? null : string.Join(", ", lacking);
        }
        catch (ControlPlaneException silent) when (silent is not MigrationError)
        {
            return silent.Message;
        }
    }

    private async Task<bool> IsUnwantedAsync(int migrationId, CancellationToken ct)
    {
        try
        {
            return (await progress.ReadWishesAsync(migrationId, ct)).Abort;
        }
        catch (Exception exception) when (SqliteFaults.Explain(exception) is not null)
        {
            // The database will answer again; the next round asks it.
            return false;
        }
    }

    private void GiveUp(string destination, string lacking)
    {
        if (settings.VifPluggingIsFatal)
        {
            throw new MigrationError(
                "Timeout waiting for VIF plugging events, canceling migration "
                + $"({destination}, {settings.VifPluggingTimeoutSeconds} s: {lacking})");
        }

        LogNotPlugged(destination, settings.VifPluggingTimeoutSeconds, lacking);
    }

    [LoggerMessage(LogLevel.Warning, "{Host} is not ready after {Seconds} s, the move goes on all the same: {Lacking}")]
    private partial void LogNotPlugged(string host, int seconds, string lacking);
}
