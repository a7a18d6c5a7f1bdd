using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// The files on hosts that hold disks: looked at, made, copied and removed through each host's own storage service. Every
/// method names the host that it goes to; every one that changes something may be called twice.
/// </summary>
/// <remarks>
/// Errors, for all methods: those of <see cref="IComputeDriver"/>. Paths are absolute, and mean the host's own files.
/// </remarks>
public interface IDiskImages
{
    /// <summary>What the file system behind a folder has left; null when the host answered that it has no such folder.</summary>
    Task<FolderSpace?> FindSpaceAsync(string host, string folder, CancellationToken ct);

    /// <summary>One file as the host sees it now; null when the host answered that there is none.</summary>
    Task<DiskImage?> FindAsync(string host, string path, CancellationToken ct);

    /// <summary>The names, without their folder, of the files in a folder that begin like this; none when there is no such folder.</summary>
    Task<IReadOnlyList<string>> ListAsync(string host, string folder, string prefix, CancellationToken ct);

    /// <summary>Makes an image that takes no more room than its format needs, unless it is to have all at once. One that is there already is left as it is.</summary>
    [ChangesOutside]
    Task CreateAsync(string host, NewDiskImage image, CancellationToken ct);

    /// <summary>
    /// Removes a file, unless a guest that the host knows, running or only defined, names it as a disk or below one
    /// (nobody is asked about a migration's mark, which is no disk).
    /// It is no error if there is none.
    /// </summary>
    /// <returns>Null when there is no such file any more; else the name of a guest that uses it, and it was left alone.</returns>
    [ChangesOutside]
    Task<string?> RemoveAsync(string host, string path, CancellationToken ct);

    /// <summary>Copies a file that nobody writes from one host to the same path on another, through the controller.</summary>
    /// <returns>SHA-256 of what was read, lower case.</returns>
    /// <exception cref="HypervisorRefused">The destination has such a file already, or has no room.</exception>
    [ChangesOutside]
    Task<string> CopyAsync(string from, string to, string path, CancellationToken ct);

    /// <summary>SHA-256 of a whole file, lower case.</summary>
    Task<string> HashAsync(string host, string path, CancellationToken ct);
}

/// <summary>The room of a file system, as seen through one of its folders.</summary>
/// <param name="CapacityBytes">Its size, bytes.</param>
/// <param name="AvailableBytes">What is free, bytes.</param>
public sealed record FolderSpace(long CapacityBytes, long AvailableBytes);

/// <summary>A file that holds a disk, or a part of one.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="FileBytes">Its length, bytes.</param>
/// <param name="AllocationBytes">What it takes on the storage, bytes.</param>
/// <param name="Details">What its own header says; worth something only where the guest's definition calls it qcow2.</param>
public sealed record DiskImage(string Path, long FileBytes, long AllocationBytes, ImageDetails Details);

/// <summary>What an image's header says beyond its format and size.</summary>
/// <param name="Compat">The version of the format, <c>1.1</c>; null when not told.</param>
/// <param name="ClusterBytes">The size of its clusters, bytes; null when not told.</param>
public sealed record ImageDetails(string? Compat, long? ClusterBytes)
{
    /// <summary>Nothing is known.</summary>
    public static ImageDetails None { get; } = new(null, null);
}

/// <summary>An image to be made.</summary>
/// <param name="Path">Where.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>.</param>
/// <param name="CapacityBytes">Its virtual size, bytes.</param>
/// <param name="Backing">The image that it rests on; null for none.</param>
/// <param name="Details">What its header is to say.</param>
public sealed record NewDiskImage(string Path, string Format, long CapacityBytes, DiskLayer? Backing, ImageDetails Details)
{
    /// <summary>True to give it all its room at once: what fills it need not stop for more. Means nothing for one that rests on another.</summary>
    public bool HasAllRoom { get; init; }
}
