namespace LiveMigration.Core.Drivers;

/// <summary>How a guest is to be moved.</summary>
/// <param name="Destination">The host it goes to.</param>
/// <param name="BandwidthMiBps">Upper bound of the memory stream, MiB/s; 0 = no bound.</param>
/// <param name="PermitPostCopy">True to allow a later switch to post-copy.</param>
/// <param name="AutoConverge">True to let QEMU throttle a guest that writes too fast.</param>
/// <param name="CopyDisks">Targets of the disks to copy; empty = none (and then no storage copy at all).</param>
/// <param name="InitialDowntime">How long the guest may stand still at first; null leaves QEMU's default.</param>
public sealed record TransferRequest(
    string Destination,
    long BandwidthMiBps,
    bool PermitPostCopy,
    bool AutoConverge,
    IReadOnlyList<string> CopyDisks,
    TimeSpan? InitialDowntime)
{
    /// <summary>True to make the guest's writes wait for both sides while disks are copied, so that a busy disk's copy ends; needs libvirt 8.0 on both.</summary>
    public bool SynchronousDiskWrites { get; init; }
}
