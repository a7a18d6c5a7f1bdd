namespace LiveMigration.Core.Model;

/// <summary>A host that a migration could not go to, with the reason. Kept as long as the migration.</summary>
public sealed class HostAttempt
{
    /// <summary>The row's id; the order in which hosts were looked at.</summary>
    public int Id { get; init; }

    /// <summary>The migration.</summary>
    public required int MigrationId { get; init; }

    /// <summary>The host; once for each migration.</summary>
    public required string Host { get; init; }

    /// <summary>Why it would not do: the word of a filter, or of the checks at either end.</summary>
    public required string Reason { get; set; }

    /// <summary>When that was found, UTC.</summary>
    public required DateTime At { get; set; }
}
