namespace LiveMigration.Core.Sagas;

/// <summary>Somebody else drives the saga now; whoever gets this must stop at once.</summary>
/// <param name="id">The saga's id.</param>
/// <param name="epoch">The epoch that is over.</param>
public sealed class LeaseLost(int id, int epoch) : Exception($"Saga {id} is no longer driven by epoch {epoch}.");
