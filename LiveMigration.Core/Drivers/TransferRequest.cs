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
    /// <summary>Upper bound of the stream in post-copy, MiB/s; 0 = no bound.</summary>
    public long PostCopyBandwidthMiBps { get; init; }

    /// <summary>By how much a guest is throttled at first, %; 0 leaves it to QEMU.</summary>
    public int AutoConvergeInitialPercent { get; init; }

    /// <summary>By how much more each time, %; 0 leaves it to QEMU.</summary>
    public int AutoConvergeIncrementPercent { get; init; }

    /// <summary>Streams that memory goes over; above 1 multifd.</summary>
    public int ParallelConnections { get; init; } = 1;

    /// <summary>libvirt's name of the compression; null = none.</summary>
    public string? Compression { get; init; }

    /// <summary>True to let QEMU encrypt the stream.</summary>
    public bool Tls { get; init; }

    /// <summary>True to send the stream through the libvirt daemons' connection.</summary>
    public bool Tunnelled { get; init; }

    /// <summary>The address that the memory is sent to; null takes the destination's own.</summary>
    public string? MigrationAddress { get; init; }

    /// <summary>
    /// True to take up a post-copy that broke, on a new stream: both sides are post-copy-failed. What the guest's memory
    /// still lacks is sent; a refusal changes nothing and may be tried again.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>True to copy disks from their first byte to their last, none of which rests on anything: quicker for what is full.</summary>
    public bool CopyWholeDisks { get; init; }

    /// <summary>True to make the guest's writes wait for both sides while disks are copied, so that a busy disk's copy ends; needs libvirt 8.0 on both.</summary>
    public bool SynchronousDiskWrites { get; init; }

    /// <summary>What has to be different in the guest's definition over there.</summary>
    public DestinationChanges Changes { get; init; } = DestinationChanges.None;
}
