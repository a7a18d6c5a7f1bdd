using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Compute;

/// <summary>What to do to a running transfer now. Pure; the formulas are those of Nova's libvirt driver.</summary>
public static class ConvergencePolicy
{
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(3);

    /// <summary>The downtime that is allowed after a time, ms: at first as little as is set, then from a tenth (with the default steps) up to the whole.</summary>
    /// <param name="options">Bounds and steps.</param>
    /// <param name="gib">Data to move, GiB, see <see cref="DataGiB"/>.</param>
    /// <param name="elapsed">Since the transfer began.</param>
    public static int DowntimeMs(TransferOptions options, double gib, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(options);
        var first = (double)options.DowntimeMs / options.DowntimeSteps;
        if (elapsed < FirstTry && options.FirstDowntimeMs > 0)
        {
            return (int)Math.Min(options.FirstDowntimeMs, first);
        }

        var rise = (options.DowntimeMs - first) / options.DowntimeSteps;
        var delay = Math.Max(1, (int)(options.DowntimeDelaySecondsPerGiB * gib));
        var step = Math.Min(options.DowntimeSteps, (int)(elapsed.TotalSeconds / delay));
        return (int)(first + (rise * step));
    }

    /// <summary>True once the transfer has taken longer than is allowed.</summary>
    public static bool HasTimedOut(TransferOptions options, double gib, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.CompletionTimeoutSecondsPerGiB > 0 && elapsed.TotalSeconds > TimeoutSeconds(options, gib);
    }

    /// <summary>How long the transfer may take, s; 0 = as long as it likes.</summary>
    public static int TimeoutSeconds(TransferOptions options, double gib)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (int)(options.CompletionTimeoutSecondsPerGiB * gib);
    }

    /// <summary>What time limits are counted by: memory in GiB, at least 2, and each copied disk, at least 2.</summary>
    public static double DataGiB(long memoryMiB, IEnumerable<long> copiedDiskBytes) =>
        Math.Max(2.0, memoryMiB / 1024.0) + copiedDiskBytes.Sum(bytes => Math.Max(2.0, bytes / 1073741824.0));
}
