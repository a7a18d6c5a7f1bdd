using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>What is moved in a crash matrix. Small and quiet: what matters is where the controller dies, not how long the copy takes.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Guest">The guest.</param>
internal sealed record CrashKind(string Name, LabGuestOptions Guest)
{
    private static readonly LabGuestOptions Small = new() { MemoryMiB = 112, DirtyMBPerSecond = 1, DirtyAreaMB = 8, DiskMiB = 32 };

    public static IReadOnlyList<CrashKind> All { get; } =
    [
        new("shared", Small with { Disk = LabGuestDisk.Shared }),
        new("block", Small with { Disk = LabGuestDisk.Local }),
    ];
}
