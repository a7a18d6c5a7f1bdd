namespace LiveMigration.Core.Drivers;

/// <summary>What a guest is made of, as far as a move depends on it.</summary>
/// <param name="Uuid">libvirt's UUID.</param>
/// <param name="VirtType">The domain type, <c>kvm</c> or <c>qemu</c>.</param>
/// <param name="Arch">The guest's architecture.</param>
/// <param name="Machine">The machine type.</param>
/// <param name="CpuXml">The <c>cpu</c> element of its live definition; null when it has none.</param>
/// <param name="Disks">Its disks, all of them.</param>
/// <param name="Interfaces">Its network interfaces.</param>
public sealed record GuestDescription(
    Guid Uuid,
    string VirtType,
    string Arch,
    string Machine,
    string? CpuXml,
    IReadOnlyList<GuestDisk> Disks,
    IReadOnlyList<GuestInterface> Interfaces)
{
    /// <summary>The addresses that its screens (VNC, SPICE) listen on.</summary>
    public IReadOnlyList<string> GraphicsListen { get; init; } = [];
}

/// <summary>One disk of a guest.</summary>
/// <param name="Target">The guest's name of it, <c>vda</c>.</param>
/// <param name="SourceType">libvirt's source type: <c>file</c>, <c>block</c>, <c>network</c>, <c>volume</c>.</param>
/// <param name="Path">The file or device; null for the others and for an empty drive.</param>
/// <param name="Format">The image format, <c>qcow2</c>.</param>
/// <param name="ReadOnly">True when the guest can't write it.</param>
/// <param name="Shareable">True when several guests may write it.</param>
/// <param name="Device"><c>disk</c>, <c>cdrom</c>, <c>lun</c> or <c>floppy</c>.</param>
/// <param name="CapacityBytes">Its virtual size, bytes; 0 when not known.</param>
/// <param name="AllocationBytes">What it takes on the storage, bytes; 0 when not known.</param>
public sealed record GuestDisk(
    string Target, string SourceType, string? Path, string Format, bool ReadOnly, bool Shareable, string Device,
    long CapacityBytes, long AllocationBytes)
{
    /// <summary>True for a disk that would have to be copied where storage is not shared: local and writable.</summary>
    public bool IsLocalAndWritable => !ReadOnly && !Shareable && Path is not null && SourceType is "file" or "block";

    /// <summary>What it rests on, the next below first; empty when it stands alone.</summary>
    public IReadOnlyList<DiskLayer> Backing { get; init; } = [];

    /// <summary>True when its image is encrypted.</summary>
    public bool Encrypted { get; init; }

    /// <summary>Where QEMU itself reaches the disk over the network; null for all other disks.</summary>
    public NetworkSource? Network { get; init; }
}

/// <summary>An image that another one rests on; never written while one does.</summary>
/// <param name="Path">The file or device; null when it is neither.</param>
/// <param name="Format">Its format, <c>qcow2</c>.</param>
public sealed record DiskLayer(string? Path, string Format);

/// <summary>A disk that QEMU reaches over the network by itself.</summary>
/// <param name="Protocol"><c>iscsi</c>, <c>nbd</c>, <c>rbd</c>, …</param>
/// <param name="Name">Its name there; for iSCSI the target's name and, after a slash, the unit. Empty when it has none.</param>
/// <param name="Host">The server, the first if there are several; empty when the definition names none.</param>
/// <param name="Port">The server's port; null for the protocol's own.</param>
public sealed record NetworkSource(string Protocol, string Name, string Host, int? Port);

/// <summary>One network interface of a guest.</summary>
/// <param name="Mac">Its address, lower case.</param>
/// <param name="Type">libvirt's type: <c>bridge</c>, <c>network</c>, …</param>
/// <param name="Source">The bridge or network it is plugged into.</param>
public sealed record GuestInterface(string Mac, string Type, string? Source)
{
    /// <summary>The MTU that the guest was told, bytes; null when none was.</summary>
    public int? Mtu { get; init; }

    /// <summary>The filtering rule (libvirt's nwfilter) that it names; null when it names none.</summary>
    public string? Rule { get; init; }

    /// <summary>The host's end of it, <c>vnet0</c>; null while the guest is off.</summary>
    public string? Tap { get; init; }

    /// <summary>True when something other than a plain bridge switches it (Open vSwitch, 802.1Qbh).</summary>
    public bool HasVirtualPort { get; init; }
}
