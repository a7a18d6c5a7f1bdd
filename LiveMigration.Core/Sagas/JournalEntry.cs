namespace LiveMigration.Core.Sagas;

/// <summary>One line of a journal.</summary>
/// <param name="Step">The step's durable name; empty for lines about the saga as a whole.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Reason">Why, where something failed.</param>
/// <param name="ErrorClass">The class of the error, for who listens while it is written; not kept.</param>
public sealed record JournalEntry(string Step, JournalKind Kind, string? Reason = null, string? ErrorClass = null);
