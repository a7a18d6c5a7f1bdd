namespace LiveMigration.Core.Images;

/// <summary>An image that servers can be made of.</summary>
/// <param name="Id">Its id; stable.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">The controller's file.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>.</param>
/// <param name="FileBytes">The file's length.</param>
/// <param name="VirtualBytes">The size of the disk in it.</param>
/// <param name="ChangedAt">When the file last changed, UTC.</param>
public sealed record CatalogImage(
    Guid Id, string Name, string Path, string Format, long FileBytes, long VirtualBytes, DateTime ChangedAt)
{
    /// <summary>The controller's file with a kernel to boot with; null to boot from the disk.</summary>
    public string? Kernel { get; init; }

    /// <summary>The controller's file with that kernel's first file system.</summary>
    public string? Initramfs { get; init; }

    /// <summary>The smallest root disk that it fits on, GiB.</summary>
    public int MinDiskGiB { get; init; }

    /// <summary>The least memory that it needs, MiB.</summary>
    public int MinRamMiB { get; init; }

    /// <summary>What else is known of it, by name.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What its kernel is told; Glance's property <c>os_command_line</c>.</summary>
    public string? CommandLine => Properties.GetValueOrDefault("os_command_line");
}
