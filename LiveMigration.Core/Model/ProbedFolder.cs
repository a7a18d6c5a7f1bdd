namespace LiveMigration.Core.Model;

/// <summary>
/// A folder of a host that a migration puts its storage probe into. Noted before the probe is made and forgotten when it
/// is gone, so that a probe of which the answer, or the controller, was lost is removed all the same.
/// </summary>
public sealed class ProbedFolder
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The migration; its UUID names the probe.</summary>
    public required int MigrationId { get; init; }

    /// <summary>The host that makes the probe.</summary>
    public required string Host { get; init; }

    /// <summary>The folder's path there.</summary>
    public required string Folder { get; init; }
}
