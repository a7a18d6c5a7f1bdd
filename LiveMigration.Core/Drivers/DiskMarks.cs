using LiveMigration.Core.Model;

namespace LiveMigration.Core.Drivers;

/// <summary>
/// The empty file that stands beside each file that a migration makes, and stays until the migration is over: by it
/// everybody can tell whose work the file is, and the source whether it sees the destination's folder.
/// </summary>
public static class DiskMarks
{
    /// <summary>How the names of all of them begin.</summary>
    public const string Prefix = ".livemigration-disk-";

    private const int UuidLength = 32;

    /// <summary>Where a migration's mark of a file is.</summary>
    public static string PathOf(Guid migration, DiskFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Path.Combine(file.Folder, $"{Prefix}{migration:N}-{Path.GetFileName(file.Path)}");
    }

    /// <summary>The migrations whose marks of a file are among these names.</summary>
    public static IReadOnlyList<Guid> OwnersOf(DiskFile file, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(names);
        var end = $"-{Path.GetFileName(file.Path)}";
        return
        [
            .. names
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length == Prefix.Length + UuidLength + end.Length
                    && name.EndsWith(end, StringComparison.Ordinal))
                .Select(name => Guid.TryParseExact(name.AsSpan(Prefix.Length, UuidLength), "N", out var uuid) ? uuid : Guid.Empty)
                .Where(uuid => uuid != Guid.Empty),
        ];
    }
}
