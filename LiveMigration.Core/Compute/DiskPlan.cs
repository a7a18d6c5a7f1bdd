using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Which files of a guest's disks the destination lacks, and whether they can be brought there. Pure. Only local,
/// writable disks are filled by the move itself; what nobody writes is copied as it is.
/// </summary>
public static class DiskPlan
{
    private static readonly string[] _formats = ["qcow2", "raw"];

    /// <summary>The disks that have a part which the destination does not see.</summary>
    public static IReadOnlyList<GuestDisk> NotShared(GuestDescription guest, IReadOnlySet<string> sharedFolders)
    {
        ArgumentNullException.ThrowIfNull(guest);
        ArgumentNullException.ThrowIfNull(sharedFolders);
        return
        [
            .. guest.Disks.Where(disk => disk.SourceType is "file" or "block" && disk.Path is not null
                && (disk.SourceType == "block" || Layers(disk).Any(layer => !IsShared(layer, sharedFolders)))),
        ];
    }

    /// <summary>The files to bring, in the order of their paths; sizes of what lies below a disk come from elsewhere.</summary>
    /// <param name="disks">Those of <see cref="NotShared"/>.</param>
    /// <param name="sharedFolders">The folders that both hosts see.</param>
    /// <param name="missingFolders">Those that the destination does not have.</param>
    /// <exception cref="MigrationPreCheckError">One of them can't be brought; the message names it.</exception>
    public static IReadOnlyList<DiskFile> Of(
        IReadOnlyList<GuestDisk> disks, IReadOnlySet<string> sharedFolders, IReadOnlyCollection<string> missingFolders)
    {
        ArgumentNullException.ThrowIfNull(disks);
        ArgumentNullException.ThrowIfNull(sharedFolders);
        ArgumentNullException.ThrowIfNull(missingFolders);
        var objections = disks.Select(disk => Objection(disk, missingFolders)).OfType<string>().ToList();
        if (objections.Count > 0)
        {
            throw new MigrationPreCheckError(string.Join(' ', objections));
        }

        return
        [
            .. disks.SelectMany(disk => FilesOf(disk, sharedFolders))
                .DistinctBy(file => file.Path, StringComparer.Ordinal)
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
    }

    private static string? Objection(GuestDisk disk, IReadOnlyCollection<string> missingFolders)
    {
        var named = $"{disk.Target} ({disk.Path})";
        var missing = Layers(disk).Select(layer => layer.Path).OfType<string>().Select(path => Path.GetDirectoryName(path)!)
            .FirstOrDefault(missingFolders.Contains);
        return disk switch
        {
            { SourceType: "block" } =>
                $"The block device {named} can't be copied. Make it a volume, or detach it.",
            { ReadOnly: false, Shareable: true } =>
                $"{named} is shared by several guests and can't be copied. Move it to storage that both hosts share.",
            { Encrypted: true } =>
                $"{named} is encrypted and can't be copied. Move it to storage that both hosts share.",
            _ when !_formats.Contains(disk.Format, StringComparer.Ordinal) =>
                $"{named} has the format {disk.Format}; only qcow2 and raw can be copied. Convert it.",
            _ when disk.Backing.Any(layer => layer.Path is null) =>
                $"{named} rests on an image that is no file and can't be copied. Flatten it.",
            _ when missing is not null =>
                $"The destination has no folder {missing} for {named}. Make it there, as on the source.",
            _ => null,
        };
    }

    private static IEnumerable<DiskFile> FilesOf(GuestDisk disk, IReadOnlySet<string> sharedFolders)
    {
        if (!IsShared(new DiskLayer(disk.Path, disk.Format), sharedFolders))
        {
            var below = disk.Backing.Count > 0 ? disk.Backing[0] : null;
            yield return new DiskFile(disk.Target, disk.Path!, disk.Format, disk.ReadOnly, disk.CapacityBytes, disk.AllocationBytes)
            {
                BackingPath = below?.Path,
                BackingFormat = below?.Format,
            };
        }

        foreach (var layer in disk.Backing.Where(layer => !IsShared(layer, sharedFolders)))
        {
            yield return new DiskFile(disk.Target, layer.Path!, layer.Format, ReadOnly: true, CapacityBytes: 0, AllocationBytes: 0);
        }
    }

    private static IEnumerable<DiskLayer> Layers(GuestDisk disk) => disk.Backing.Prepend(new DiskLayer(disk.Path, disk.Format));

    private static bool IsShared(DiskLayer layer, IReadOnlySet<string> sharedFolders) =>
        layer.Path is not null && sharedFolders.Contains(Path.GetDirectoryName(layer.Path)!);
}
