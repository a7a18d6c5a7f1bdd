using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Model;

/// <summary>One line of a migration's journal, as stored.</summary>
public sealed class JournalRow
{
    /// <summary>The row's id.</summary>
    public long Id { get; init; }

    /// <summary>The migration.</summary>
    public required int MigrationId { get; init; }

    /// <summary>Its place in the journal, from 1 without gaps; unique per migration.</summary>
    public required int Sequence { get; init; }

    /// <summary>The step's durable name; empty for lines about the saga as a whole.</summary>
    public required string Step { get; init; }

    /// <summary>What happened.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>Why, where something failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The epoch that wrote it.</summary>
    public required int Epoch { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }
}
