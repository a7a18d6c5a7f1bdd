namespace LiveMigration.Hypervisor.Simulated;

/// <summary>
/// The phases of a simulated transfer, in order. Each can be held: its work is done, but the transfer does not go on to
/// the next one until it is released.
/// </summary>
public enum TransferPhase
{
    /// <summary>The source has accepted the call; the destination knows nothing yet.</summary>
    BeforeTransfer,

    /// <summary>The destination starts a QEMU; held, the guest is incoming there and no memory has been sent.</summary>
    Preparing,

    /// <summary>Disks are copied.</summary>
    DiskCopy,

    /// <summary>Memory is copied; held at the end of a pass.</summary>
    MemoryCopy,

    /// <summary>What is left fits into the permitted downtime; the guest still runs at the source.</summary>
    BeforeHandover,

    /// <summary>The guest stands still; held, it runs nowhere.</summary>
    Handover,

    /// <summary>The guest runs at the destination and fetches its memory.</summary>
    PostCopy,

    /// <summary>The guest runs at the destination; the source has not let go of it yet.</summary>
    AfterHandover,

    /// <summary>A post-copy broke: the guest stands still, half here and half there.</summary>
    Broken,

    /// <summary>Over.</summary>
    Ended,
}
