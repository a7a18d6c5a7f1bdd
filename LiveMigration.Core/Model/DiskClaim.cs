namespace LiveMigration.Core.Model;

/// <summary>Room promised on a destination's file system for disks that are being copied; lives as long as its migration is open.</summary>
public sealed class DiskClaim
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The migration that owns it; one claim for each folder.</summary>
    public required int MigrationId { get; init; }

    /// <summary>The host that it is promised on.</summary>
    public required string Host { get; init; }

    /// <summary>The folder that it was asked for by.</summary>
    public required string Folder { get; init; }

    /// <summary>The size of the folder's file system, bytes: folders of one size are taken to share their room.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>The room, bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
