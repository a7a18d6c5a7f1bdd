using System.Globalization;

namespace LiveMigration.Bench;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    KillSourceLibvirtd,
    KillDestinationLibvirtd,
    KillDestinationQemu,
    KillSourceQemu,
    CutControllerSource,
    CutControllerDestination,
    CutHosts,
    FillDestination,
    HangSourceSshd,
    HangDestinationSshd,
}

/// <summary>A fault, and how long it lasts.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Seconds">How long, s; null: until the outcome has been seen.</param>
internal sealed record Fault(FaultKind Kind, int? Seconds = null)
{
    /// <summary>As reports call it.</summary>
    public string Name => Kind switch
    {
        FaultKind.KillSourceLibvirtd => "kill the source's libvirtd",
        FaultKind.KillDestinationLibvirtd => "kill the destination's libvirtd",
        FaultKind.KillDestinationQemu => "kill the destination's QEMU",
        FaultKind.KillSourceQemu => "kill the source's QEMU",
        FaultKind.CutControllerSource => $"cut controller–source {Length}",
        FaultKind.CutControllerDestination => $"cut controller–destination {Length}",
        FaultKind.CutHosts => $"cut source–destination {Length}",
        FaultKind.FillDestination => "fill the destination's disk",
        FaultKind.HangSourceSshd => "hang the source's sshd",
        _ => "hang the destination's sshd",
    };

    private string Length => Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"for {seconds} s") : "for good";
}
