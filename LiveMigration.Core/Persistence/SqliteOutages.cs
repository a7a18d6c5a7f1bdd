using LiveMigration.Core.Sagas;

namespace LiveMigration.Core.Persistence;

/// <summary>The state file locked, full, read-only or broken.</summary>
public sealed class SqliteOutages : IJournalOutages
{
    /// <inheritdoc/>
    public string? Explain(Exception exception) => SqliteFaults.Explain(exception) is { } reason ? $"the state database: {reason}" : null;
}
