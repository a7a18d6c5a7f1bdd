using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Settings;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Compute;

/// <summary>
/// The seed's way of waiting: the transfer is begun at 1 MiB/s, so that the destination plugs the incoming guest in, and
/// gets its bandwidth once all interfaces are plugged. May be attached to a transfer that an earlier controller began.
/// </summary>
internal sealed partial class SlowStart(
    IComputeDriver driver,
    INetworkService networks,
    VifPlugging plugging,
    VifEvents events,
    LiveMigrationSettings settings,
    ILogger<SlowStart> logger)
{
    private const long FirstMiBps = 1;

    /// <summary>Whether a move of this guest begins slowly.</summary>
    public bool AppliesTo(NetworkPlan plan) =>
        settings.WaitForVifPlug == VifPlugging.Slow && settings.VifPluggingTimeoutSeconds > 0 && plan.Interfaces.Count > 0;

    /// <summary>The transfer as it begins.</summary>
    public static TransferRequest Slowed(TransferRequest how) => how with { BandwidthMiBps = FirstMiBps };

    /// <summary>Waits, then lets the transfer go; or aborts it when it took too long and that is fatal.</summary>
    /// <param name="mibps">The bandwidth that it is then to have, MiB/s; 0 = no bound.</param>
    /// <param name="over">Set when the transfer has ended: then there is nothing to wait for any more.</param>
    /// <returns>Why it was aborted; null when it was not.</returns>
    public async Task<string?> RunAsync(RunLiveMigration.Request move, long mibps, CancellationToken over)
    {
        try
        {
            var go = await plugging.WaitAsync(
                move.MigrationId,
                move.Destination,
                token => FindMissingAsync(move, token),
                over);
            if (go)
            {
                await TryAsync(move, () => driver.SetBandwidthAsync(move.Source, move.Instance, mibps, over));
            }

            return null;
        }
        catch (MigrationError late)
        {
            await TryAsync(move, () => driver.AbortJobAsync(move.Source, move.Instance, over));
            return late.Message;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            events.Forget(move.Instance);
        }
    }

    private async Task<IReadOnlyList<string>> FindMissingAsync(RunLiveMigration.Request move, CancellationToken ct)
    {
        List<PlannedInterface> awaited = [.. move.Network.Interfaces.Where(nic => !events.IsPlugged(move.Instance, nic.Mac))];
        var unplugged = awaited.Count == 0 ? [] : await networks.FindUnpluggedAsync(move.Destination, move.Instance, awaited, ct);
        if (unplugged.Count > 0)
        {
            return [.. unplugged.Select(mac => $"{mac} is not plugged in")];
        }

        // libvirt sets the first bandwidth only when the memory begins to flow: raised before, it would be lowered again.
        var job = await driver.GetJobAsync(move.Source, move.Instance, ct);
        return job.MemoryTotal > 0 ? [] : ["the transfer has not begun"];
    }

    // The transfer may have ended by itself a moment ago; what became of it is asked of both hosts in any case.
    private async Task TryAsync(RunLiveMigration.Request move, Func<Task> lever)
    {
        try
        {
            await lever();
        }
        catch (Exception exception) when (exception is ControlPlaneException or OperationCanceledException)
        {
            LogLeverFailed(move.Instance, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Instance {Instance}: the slow transfer could not be steered: {Reason}")]
    private partial void LogLeverFailed(Guid instance, string reason);
}
