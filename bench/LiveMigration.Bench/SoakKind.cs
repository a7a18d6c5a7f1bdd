using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>One way of moving a guest, for the mix of a soak.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Disk">Where the disk of the guest that is moved so lies.</param>
/// <param name="Options">Of the request, under the API's names.</param>
/// <param name="ByPostCopy">True to force the move to its end by post-copy.</param>
internal sealed record SoakKind(string Name, LabGuestDisk Disk, IReadOnlyDictionary<string, object> Options, bool ByPostCopy = false)
{
    public static IReadOnlyList<SoakKind> Mix { get; } =
    [
        new("shared", LabGuestDisk.Shared, With()),
        new("block", LabGuestDisk.Local, With()),
        new("iscsi", LabGuestDisk.Volume, With()),
        // Slow enough that there is a copy to be switched over.
        new("post-copy", LabGuestDisk.Shared, With(("permit_post_copy", true), ("bandwidth_mibps", 24)), ByPostCopy: true),
        new("multifd", LabGuestDisk.Volume, With(("parallel_connections", 2))),
        new("tls", LabGuestDisk.Shared, With(("native_tls", true))),
    ];

    private static Dictionary<string, object> With(params (string Name, object Value)[] options) =>
        options.ToDictionary(option => option.Name, option => option.Value, StringComparer.Ordinal);
}
