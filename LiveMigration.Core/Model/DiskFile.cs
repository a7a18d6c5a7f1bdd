namespace LiveMigration.Core.Model;

/// <summary>A file of a guest's disks that the destination lacks.</summary>
/// <param name="Target">The guest's name of the disk that it belongs to, <c>vda</c>.</param>
/// <param name="Path">Where it is on the source, and is to be on the destination.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>, as the guest's definition says.</param>
/// <param name="ReadOnly">True when nobody writes it: it is copied as it is, before the move. Else it is made empty, and filled by the move.</param>
/// <param name="CapacityBytes">The disk's virtual size, bytes.</param>
/// <param name="AllocationBytes">What it takes on the source, bytes.</param>
public sealed record DiskFile(
    string Target, string Path, string Format, bool ReadOnly, long CapacityBytes, long AllocationBytes)
{
    /// <summary>The image that it rests on; null for none.</summary>
    public string? BackingPath { get; init; }

    /// <summary>That image's format.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>The version of its format, as in the source's header; null for none.</summary>
    public string? Compat { get; init; }

    /// <summary>The size of its clusters, bytes, as in the source's header; null for none.</summary>
    public long? ClusterBytes { get; init; }

    /// <summary>
    /// True for a disk that the move fills, that rests on nothing and of which nearly all is written: it is copied as a whole, onto
    /// an image that has all its room from the beginning.
    /// </summary>
    public bool IsFull => !ReadOnly && BackingPath is null && CapacityBytes > 0 && AllocationBytes >= CapacityBytes / 10 * 9;

    /// <summary>The folder that it is in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}
