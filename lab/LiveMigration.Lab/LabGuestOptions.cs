namespace LiveMigration.Lab;

/// <summary>How a guest is made.</summary>
public sealed record LabGuestOptions
{
    /// <summary>Where it starts; without it, <c>host-a</c>.</summary>
    public LabHost? Host { get; init; }

    /// <summary>Its memory.</summary>
    public int MemoryMiB { get; init; } = 256;

    /// <summary>Its processors.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>Megabytes of memory it writes each second.</summary>
    public int DirtyMBPerSecond { get; init; } = 4;

    /// <summary>To how much memory it writes, round and round.</summary>
    public int DirtyAreaMB { get; init; } = 32;

    /// <summary>Where its disk lies.</summary>
    public LabGuestDisk Disk { get; init; } = LabGuestDisk.Shared;

    /// <summary>The size of its disk.</summary>
    public int DiskMiB { get; init; } = 64;

    /// <summary>Whether it has a network card.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>Whether it starts again when it reboots, rather than being destroyed.</summary>
    public bool Restarts { get; init; }
    /// <summary>How much of its disk holds random data, from its 24th MiB on.</summary>
    public int DiskFillMiB { get; init; }

    /// <summary>Whether its disk rests on an image of its own, which then holds these data.</summary>
    public bool DiskHasBase { get; init; }

    /// <summary>Megabytes that it writes to its disk each second.</summary>
    public int DiskMBPerSecond { get; init; }

    /// <summary>The size of a read-only drive on its host's own storage; 0 for none.</summary>
    public int IsoMiB { get; init; }

    /// <summary>The bridge that it is plugged into.</summary>
    public string Bridge { get; init; } = "br0";

    /// <summary>The filtering rule that it runs under, which its host must have; null = none.</summary>
    public string? Filter { get; init; }
}
