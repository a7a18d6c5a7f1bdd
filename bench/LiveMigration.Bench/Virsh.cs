using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What libvirt itself measured.</summary>
internal static partial class Virsh
{
    /// <summary>How long the guest stood still in its last move and how long that took, ms, as libvirt at the destination measured it.</summary>
    public static async Task<(double Downtime, double Elapsed)> LastMoveAsync(
        LabCluster lab, string guest, LabHost host, CancellationToken ct)
    {
        var told = await lab.EnterAsync(
            host, ["virsh", "-q", "-c", "qemu:///system", "domjobinfo", "--completed", "--keep-completed", guest], ct);
        return (Read(Downtime().Match(told.Output)), Read(Elapsed().Match(told.Output)));

        double Read(Match match) => match.Success
            ? double.Parse(match.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{host.Name} does not tell of the last move of {guest}: {told.Output}{told.Error}");
    }

    [GeneratedRegex(@"downtime:\s+(?<ms>[0-9]+)\s+ms", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Downtime();

    [GeneratedRegex(@"time elapsed:\s+(?<ms>[0-9]+)\s+ms", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Elapsed();
}
