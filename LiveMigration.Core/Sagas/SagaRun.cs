namespace LiveMigration.Core.Sagas;

/// <summary>Who drives a saga now: handed to every step, so that it can mark what it makes.</summary>
/// <param name="Id">The saga's id: the migration's integer id.</param>
/// <param name="Epoch">Counts the drivers; a step of an older epoch must change nothing.</param>
public sealed record SagaRun(int Id, int Epoch);
