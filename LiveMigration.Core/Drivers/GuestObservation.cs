namespace LiveMigration.Core.Drivers;

/// <summary>What a host says of a guest, at one moment.</summary>
/// <param name="Uuid">libvirt's UUID.</param>
/// <param name="Name">libvirt's name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Persistent">True when the host also keeps its definition.</param>
/// <param name="Mark">The mark of a migration, when it carries one.</param>
/// <param name="MemoryMiB">Its maximum memory, MiB.</param>
/// <param name="Vcpus">Its maximum number of processors.</param>
/// <param name="Title">The title of its definition, if any.</param>
public sealed record GuestObservation(
    Guid Uuid, string Name, GuestState State, bool Persistent, MigrationMark? Mark, long MemoryMiB, int Vcpus, string? Title);

/// <summary>What a guest is doing on one host.</summary>
public enum GuestState
{
    /// <summary>Defined, not running.</summary>
    Off,

    /// <summary>Its QEMU waits for the memory of a transfer; it has not run here yet.</summary>
    Incoming,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Stopped by an operator; its memory is here.</summary>
    Paused,

    /// <summary>Stopped because its transfer has handed it over; libvirt is about to remove it.</summary>
    PausedMigrated,

    /// <summary>Runs at the other host by post-copy; what is here are pages not yet fetched.</summary>
    PausedPostCopy,

    /// <summary>A post-copy broke: the guest stands still until the transfer is resumed.</summary>
    PostCopyFailed,

    /// <summary>Runs here by post-copy, its memory still arrives.</summary>
    RunningPostCopy,

    /// <summary>Ended by a fault.</summary>
    Crashed,

    /// <summary>Saved to disk.</summary>
    Suspended,

    /// <summary>On its way to off, by its own wish.</summary>
    ShuttingDown,
}
