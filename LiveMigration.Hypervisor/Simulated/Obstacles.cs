using System.Text.RegularExpressions;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Why a host can't run a guest, in libvirt's and QEMU's manner of speaking.</summary>
internal static partial class Obstacles
{
    private const string NoSuchFile = "No such file or directory";
    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>What stops the destination's QEMU from starting; null when nothing does.</summary>
    public static string? AtStart(CloudImages images, CloudStorage storage, Transfer transfer)
    {
        var guest = transfer.Guest;
        if (transfer.Destination.Guests.ContainsKey(guest.Uuid))
            return $"operation failed: domain '{guest.Options.Name}' already exists with uuid {guest.Uuid}";
        if (OfMachine(transfer.Destination, guest.Options.Machine) is { } machine) return $"internal error: {machine}";
        var cpu = CompareCpu(transfer.Destination, guest.Options.CpuXml);
        if (!cpu.Compatible) return $"unsupported configuration: {cpu.Explanation}";
        foreach (var disk in guest.Options.Disks.Where(d => d.Path is not null))
        {
            var paths = disk.Backing.Select(layer => layer.Path).OfType<string>().Prepend(disk.Path!);
            if (disk.SourceType == "file" && paths.Any(path => images.Find(transfer.Destination, path) is null))
                return $"internal error: process exited while connecting to monitor: Could not open '{disk.Path}': {NoSuchFile}";
        }

        if (NetworkAtStart(transfer) is { } network) return network;
        if (storage.Refusal(guest, transfer.Destination) is { } refusal) return refusal;
        return transfer.DiskTotal - images.RoomOf(transfer) > transfer.Destination.FreeDiskBytes
            ? "internal error: unable to execute QEMU command 'blockdev-add': No space left on device"
            : null;
    }

    /// <summary>Why a host can't run a machine type; null when it can.</summary>
    public static string? OfMachine(CloudHost host, string machine) =>
        host.Options.Machines?.Contains(machine, StringComparer.Ordinal) is false
            ? $"invalid argument: the machine '{machine}' is not supported by emulator '/usr/bin/qemu-system-x86_64'"
            : null;

    /// <summary>libvirt's words for what it does not move a guest with.</summary>
    public static string InWords(MoveObstacle obstacle) => obstacle.Kind switch
    {
        ObstacleKind.Snapshot => "Requested operation is not valid: cannot migrate domain with 1 snapshots",
        ObstacleKind.BlockJob => "Requested operation is not valid: domain has active block job",
        _ => $"Requested operation is not valid: {obstacle.Kind}",
    };

    private static string? NetworkAtStart(Transfer transfer)
    {
        var plugs = transfer.Destination.Plugs;
        foreach (var nic in transfer.Source.Interfaces)
        {
            var bridge = transfer.Request.Changes.Bridges.GetValueOrDefault(nic.Mac) ?? nic.Source;
            if (nic.Type == "bridge" && !plugs.Bridges.ContainsKey(bridge!))
                return $"Cannot get interface MTU on '{bridge}': No such device";
            if (nic.Rule is { } rule && !plugs.Rules.ContainsKey(rule))
                return $"internal error: referenced filter '{rule}' is missing";
        }

        return null;
    }

    public static CpuComparison CompareCpu(CloudHost host, string? cpuXml)
    {
        if (cpuXml is null) return new CpuComparison(true, null);
        var model = Model().Match(cpuXml) is { Success: true } match ? match.Groups["name"].Value : null;
        var missing = Feature().Matches(cpuXml).Select(m => m.Groups["name"].Value)
            .Except(host.Options.CpuFeatures, StringComparer.Ordinal).ToList();
        if (model is not null && !host.Options.OlderCpuModels.Append(host.Options.CpuModel).Contains(model, StringComparer.Ordinal))
            missing.Insert(0, $"model {model}");
        return missing.Count == 0
            ? new CpuComparison(true, null)
            : new CpuComparison(false, $"guest CPU doesn't match specification: missing features: {string.Join(", ", missing)}");
    }

    // Domain XML belongs to the libvirt driver alone; the two words needed here are not worth a second parser.
    [GeneratedRegex("<model[^>]*>(?<name>[^<]+)</model>", Plain)]
    private static partial Regex Model();

    [GeneratedRegex("<feature policy=['\"]require['\"] name=['\"](?<name>[^'\"]+)['\"]", Plain)]
    private static partial Regex Feature();
}
