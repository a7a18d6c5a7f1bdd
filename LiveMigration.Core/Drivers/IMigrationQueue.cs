namespace LiveMigration.Core.Drivers;

/// <summary>
/// Hands migrations to the workers. It executes, it does not remember: a job lost, doubled or late changes nothing,
/// because the journal decides and the recovery pass asks again.
/// </summary>
public interface IMigrationQueue
{
    /// <summary>Asks for a migration to be driven further, now.</summary>
    void Enqueue(int migrationId);
}
