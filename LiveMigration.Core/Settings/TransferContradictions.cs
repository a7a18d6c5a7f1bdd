namespace LiveMigration.Core.Settings;

/// <summary>
/// What does not go together in a transfer. libvirt and QEMU refuse these too, but only once everything else is prepared.
/// Pure; each answer names both sides and what to change, null means that all is well. Options are called by the
/// names that the caller gives them.
/// </summary>
public static class TransferContradictions
{
    private const int ParallelPostCopy = 10_001_000;
    private const int WithoutThreads = 9_001_000;

    /// <summary>Among the options themselves.</summary>
    /// <param name="options">What would be in force.</param>
    /// <param name="name">From the property's name to the name that whoever reads the answer knows it by.</param>
    public static string? Among(TransferOptions options, Func<string, string> name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        var tunnelled = name(nameof(options.Tunnelled));
        var parallel = name(nameof(options.ParallelConnections));
        var compression = name(nameof(options.Compression));
        var postCopy = name(nameof(options.PermitPostCopy));
        if (options.Tunnelled && options.NativeTls)
            return $"{tunnelled} and {name(nameof(options.NativeTls))} exclude each other: a tunnelled stream is not QEMU's to encrypt. Turn one off.";
        if (options is { Tunnelled: true, ParallelConnections: > 1 })
            return $"{tunnelled} allows one connection, but {parallel} is {options.ParallelConnections}. Set it to 1, or turn {tunnelled} off.";
        if (options is { Tunnelled: true, PermitPostCopy: true })
            return $"{tunnelled} and {postCopy} exclude each other. Turn one off.";
        if (options is { ParallelConnections: > 1, Compression: TransferWords.Xbzrle or TransferWords.Threads })
            return $"{compression} '{options.Compression}' needs a single stream, but {parallel} is {options.ParallelConnections}. Use zlib or zstd, or one connection.";
        if (options is { ParallelConnections: <= 1, Compression: TransferWords.Zlib or TransferWords.Zstd })
            return $"{compression} '{options.Compression}' needs {parallel} above 1. Use xbzrle, or more connections.";
        return options is { PermitPostCopy: true, Compression: TransferWords.Threads }
            ? $"{compression} 'mt' and {postCopy} exclude each other. Use xbzrle, or turn {postCopy} off."
            : null;
    }

    /// <summary>Between the options and what the source host runs; the destination is never older than that.</summary>
    /// <param name="options">What would be in force.</param>
    /// <param name="qemu">QEMU's version: 1,000,000 × major + 1,000 × minor + release; 0 = not known.</param>
    /// <param name="name">As in <see cref="Among"/>.</param>
    public static string? WithHypervisor(TransferOptions options, int qemu, Func<string, string> name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        if (qemu > 0 && qemu < ParallelPostCopy && options is { ParallelConnections: > 1, PermitPostCopy: true })
        {
            return $"{name(nameof(options.ParallelConnections))} above 1 together with {name(nameof(options.PermitPostCopy))} "
                + $"needs QEMU 10.1.0, the host has {Version(qemu)}. Give up one of them.";
        }

        return qemu >= WithoutThreads && options.Compression == TransferWords.Threads
            ? $"{name(nameof(options.Compression))} 'mt' is no longer known to QEMU {Version(qemu)}. Use xbzrle, or zstd with parallel connections."
            : null;
    }

    /// <summary>Between the options and a move that copies disks.</summary>
    /// <param name="options">What would be in force.</param>
    /// <param name="name">As in <see cref="Among"/>.</param>
    public static string? WithDiskCopy(TransferOptions options, Func<string, string> name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        return options.Tunnelled
            ? $"{name(nameof(options.Tunnelled))} moves no disks, and this guest has some to copy. Turn it off, or move them to shared storage."
            : null;
    }

    private static string Version(int version) => $"{version / 1_000_000}.{version / 1_000 % 1_000}.{version % 1_000}";
}
