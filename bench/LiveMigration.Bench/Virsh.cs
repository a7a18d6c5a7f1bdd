using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What libvirt itself measured.</summary>
internal static partial class Virsh
{
    /// <summary>How long the guest stood still in its last move, ms, as libvirt at the destination measured it.</summary>
    public static async Task<double> DowntimeAsync(LabCluster lab, string guest, LabHost host, CancellationToken ct)
    {
        var told = await lab.EnterAsync(
            host, ["virsh", "-q", "-c", "qemu:///system", "domjobinfo", "--completed", "--keep-completed", guest], ct);
        return Downtime().Match(told.Output) is { Success: true } match
            ? double.Parse(match.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{host.Name} tells no downtime of {guest}: {told.Output}{told.Error}");
    }

    [GeneratedRegex(@"downtime:\s+(?<ms>[0-9]+)\s+ms", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Downtime();
}
