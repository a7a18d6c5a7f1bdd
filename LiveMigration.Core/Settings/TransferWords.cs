namespace LiveMigration.Core.Settings;

/// <summary>The words that options of a transfer know.</summary>
public static class TransferWords
{
    /// <summary>At the time-out the guest stays where it is.</summary>
    public const string Abort = "abort";

    /// <summary>At the time-out the move is forced to its end.</summary>
    public const string ForceComplete = "force_complete";

    /// <summary>Memory is sent as it is.</summary>
    public const string NoCompression = "none";

    /// <summary>What changed in a page is sent; one stream only.</summary>
    public const string Xbzrle = "xbzrle";

    /// <summary>QEMU's older compression in threads; one stream only, gone from QEMU 9.1 on.</summary>
    public const string Threads = "mt";

    /// <summary>Parallel streams only, libvirt 9.1 or later.</summary>
    public const string Zlib = "zlib";

    /// <summary>Parallel streams only, libvirt 9.1 or later.</summary>
    public const string Zstd = "zstd";

    /// <summary>What may be done at the time-out.</summary>
    public static IReadOnlyList<string> TimeoutActions { get; } = [Abort, ForceComplete];

    /// <summary>How memory may be compressed.</summary>
    public static IReadOnlyList<string> Compressions { get; } = [NoCompression, Xbzrle, Threads, Zlib, Zstd];
}
