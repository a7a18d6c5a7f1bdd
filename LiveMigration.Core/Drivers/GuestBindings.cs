namespace LiveMigration.Core.Drivers;

/// <summary>
/// What ties a running guest to the host it runs on: each needs a counterpart at the destination, or the guest stays.
/// </summary>
/// <param name="VirtType">The domain type, <c>kvm</c> or <c>qemu</c>.</param>
/// <param name="Arch">The guest's architecture.</param>
/// <param name="Machine">The machine type.</param>
/// <param name="Emulator">The path of its QEMU; null when the definition names none.</param>
/// <param name="Elements">Everything in its live definition that means something on one host only.</param>
/// <param name="Obstacles">What was done to it, or goes on in it, that forbids a move to anywhere.</param>
public sealed record GuestBindings(
    string VirtType,
    string Arch,
    string Machine,
    string? Emulator,
    IReadOnlyList<HostBound> Elements,
    IReadOnlyList<MoveObstacle> Obstacles);

/// <summary>One element of a guest that is bound to a host.</summary>
/// <param name="Name">How an operator finds it in the definition: <c>kernel</c>, <c>cdrom sda</c>, <c>hostdev pci 0000:03:00.0</c>.</param>
public abstract record HostBound(string Name);

/// <summary>A file that QEMU opens: the destination must have one under the same path.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Path">Where.</param>
public sealed record BoundFile(string Name, string Path) : HostBound(Name);

/// <summary>A file that is made at the destination if it is not there: its folder must be.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Folder">The folder.</param>
public sealed record BoundFolder(string Name, string Folder) : HostBound(Name);

/// <summary>A libvirt secret, by its UUID or by what it is used for.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Uuid">Its UUID; null when it is named by its usage.</param>
/// <param name="UsageType">libvirt's word for its kind: <c>volume</c>, <c>ceph</c>, <c>iscsi</c>, <c>tls</c>, <c>vtpm</c>.</param>
/// <param name="Usage">What it is used for.</param>
public sealed record BoundSecret(string Name, Guid? Uuid, string? UsageType, string? Usage) : HostBound(Name)
{
    /// <summary>How an operator finds it.</summary>
    public string Key => Uuid is { } uuid ? uuid.ToString() : $"{UsageType} {Usage}";
}

/// <summary>Processors of the host that something of the guest is pinned to.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Ids">Their numbers.</param>
public sealed record BoundProcessors(string Name, IReadOnlyList<int> Ids) : HostBound(Name);

/// <summary>NUMA cells of the host that memory of the guest comes from.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Ids">Their numbers.</param>
public sealed record BoundCells(string Name, IReadOnlyList<int> Ids) : HostBound(Name);

/// <summary>Memory in huge pages, which the destination must have free.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="PageKiB">Size of a page, KiB; 0 for the host's default.</param>
/// <param name="MemoryMiB">How much memory, MiB.</param>
public sealed record BoundHugePages(string Name, long PageKiB, long MemoryMiB) : HostBound(Name);

/// <summary>An emulated TPM: the destination's libvirt must know how to emulate one.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
public sealed record BoundTpm(string Name) : HostBound(Name);

/// <summary>Something that exists on this host alone: the guest can't be moved with it.</summary>
/// <param name="Name"><inheritdoc cref="HostBound" path="/param[@name='Name']"/></param>
/// <param name="Why">Why not, and what helps.</param>
public sealed record Immovable(string Name, string Why) : HostBound(Name);

/// <summary>Something that forbids a move to anywhere, as long as it is there.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one: the snapshot's name, the disk with the block job.</param>
public sealed record MoveObstacle(ObstacleKind Kind, string Name);

/// <summary>What libvirt does not move a guest with, or would lose on the way.</summary>
public enum ObstacleKind
{
    /// <summary>A snapshot that libvirt manages.</summary>
    Snapshot,

    /// <summary>A checkpoint for incremental backups: the guest would move, and arrive without it.</summary>
    Checkpoint,

    /// <summary>A disk is being copied, merged or mirrored.</summary>
    BlockJob,

    /// <summary>The guest is being saved, dumped, backed up or moved by somebody else.</summary>
    Job,

    /// <summary>A saved state lies beside the guest, older than what runs.</summary>
    ManagedSave,
}
