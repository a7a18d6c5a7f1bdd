using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// Makes guests on hosts and removes them. Every method names the host that it goes to; every one may be called twice.
/// </summary>
/// <remarks>Errors, for all methods: those of <see cref="IComputeDriver"/>. Paths are absolute, and mean the host's own files.</remarks>
public interface IGuestBuilder
{
    /// <summary>
    /// Brings a file of the controller to a host and, when it holds a disk, makes the disk as large as wanted. A file
    /// that is there already is written anew: an earlier attempt may have left a part of one.
    /// </summary>
    /// <exception cref="HypervisorRefused">There is no such folder, no room, or a guest of the host uses the file.</exception>
    [ChangesOutside]
    Task WriteFileAsync(string host, NewGuestFile file, CancellationToken ct);

    /// <summary>Defines a guest that is off. One of its UUID that is off is defined anew; one that is not is left as it is.</summary>
    [ChangesOutside]
    Task DefineAsync(string host, GuestPlan plan, CancellationToken ct);

    /// <summary>Starts a guest that is defined. It is no error if it runs.</summary>
    [ChangesOutside]
    Task StartAsync(string host, Guid guest, CancellationToken ct);

    /// <summary>
    /// Stops a guest for good and removes its definition, with what libvirt keeps of it. It is no error if there is none.
    /// Whoever asks has made sure that it may go.
    /// </summary>
    /// <exception cref="HypervisorRefused">The guest is being moved.</exception>
    [ChangesOutside]
    Task RemoveAsync(string host, Guid guest, CancellationToken ct);
}

/// <summary>A file to be brought to a host.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Source">What is in it.</param>
/// <param name="DiskBytes">How large the disk in it is to be; null when it holds none.</param>
public sealed record NewGuestFile(string Path, GuestFileSource Source, long? DiskBytes);

/// <summary>A guest to be.</summary>
/// <param name="Uuid">libvirt's UUID.</param>
/// <param name="Name">libvirt's name.</param>
/// <param name="Title">What people call it.</param>
/// <param name="MemoryMiB">Memory, MiB.</param>
/// <param name="Vcpus">Processors.</param>
/// <param name="DiskPath">Its root disk.</param>
/// <param name="DiskFormat"><c>qcow2</c> or <c>raw</c>.</param>
/// <param name="Nics">Its network cards.</param>
public sealed record GuestPlan(
    Guid Uuid, string Name, string Title, long MemoryMiB, int Vcpus, string DiskPath, string DiskFormat, IReadOnlyList<PlannedNic> Nics)
{
    /// <summary>The kernel that it is booted with; null to boot from its disk.</summary>
    public string? Kernel { get; init; }

    /// <summary>That kernel's first file system.</summary>
    public string? Initramfs { get; init; }

    /// <summary>What that kernel is told.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The file that its serial console is written to.</summary>
    public string? ConsolePath { get; init; }

    /// <summary>The file with its config drive; null for none.</summary>
    public string? ConfigDrivePath { get; init; }

    /// <summary>The machine type; null for the host's own choice.</summary>
    public string? Machine { get; init; }

    /// <summary>The path of the QEMU on its host; null for the host's own choice.</summary>
    public string? Emulator { get; init; }

    /// <summary>The domain type, <c>kvm</c> or <c>qemu</c>; null for the host's own choice.</summary>
    public string? VirtType { get; init; }
}

/// <summary>A network card to be.</summary>
/// <param name="Mac">Its address.</param>
/// <param name="Bridge">The host's own name of the bridge.</param>
public sealed record PlannedNic(string Mac, string Bridge);
