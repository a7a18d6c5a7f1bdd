namespace LiveMigration.Core.Model;

/// <summary>
/// Something that a migration may have left on a host that did not answer when it ended. Listed until it is proven gone;
/// the guest itself is not touched by it.
/// </summary>
public sealed class PendingCleanup
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The migration that may have left it; the mark to compare is made of its record.</summary>
    public required int MigrationId { get; init; }

    /// <summary>The instance.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The host to be tidied.</summary>
    public required string Host { get; init; }

    /// <summary>Why it could not be done at once, or the last time.</summary>
    public required string Reason { get; set; }

    /// <summary>When it was noted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
