namespace LiveMigration.Core.Model;

/// <summary>What the checks on both hosts found out and later steps need; Nova's migrate data.</summary>
/// <param name="SharedStorage">True when the destination sees every local disk where the source does.</param>
/// <param name="CopyDisks">Targets of the disks to copy; empty on shared storage.</param>
public sealed record MigrateData(bool SharedStorage, IReadOnlyList<string> CopyDisks)
{
    /// <summary>Every file that the destination lacks, in the order of their paths: decided before the first of them is made.</summary>
    public IReadOnlyList<DiskFile> Files { get; init; } = [];

    /// <summary>True when both hosts can write to both sides at once while they copy, so that a busy disk comes to an end.</summary>
    public bool SynchronousWrites { get; init; }

    /// <summary>The volumes whose access is opened for the destination and closed for the source; none in older records.</summary>
    public IReadOnlyList<VolumeAttachment> Volumes { get => field ?? []; init; } = [];
}
