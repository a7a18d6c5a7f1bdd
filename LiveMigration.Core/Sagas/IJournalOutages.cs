namespace LiveMigration.Core.Sagas;

/// <summary>
/// Tells a store that can't work for a while (locked, full, read-only) from every other failure. Nobody's step is to blame
/// for it: what meets it is repeated until the store is back, never counted as failed and never taken back.
/// </summary>
public interface IJournalOutages
{
    /// <summary>What is wrong with the store, in a few words; null for every other exception.</summary>
    string? Explain(Exception exception);
}
