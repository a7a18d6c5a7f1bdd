using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>The yardstick: libvirt's own client, run where the controller runs.</summary>
internal static partial class Virsh
{
    /// <summary>Moves a guest with the flags that the controller uses.</summary>
    public static Task MigrateAsync(LabCluster lab, string guest, LabHost from, LabHost to, CancellationToken ct) =>
        Shell.DemandAsync(
            "virsh",
            [
                "-q", "-c", $"{from.Uri}?command={lab.Description.Ssh}&no_tty=1",
                "migrate", "--live", "--p2p", "--persistent", "--undefinesource",
                guest, to.Uri, "--migrateuri", $"tcp://{to.Address}",
            ],
            ct);

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
