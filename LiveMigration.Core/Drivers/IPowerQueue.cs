namespace LiveMigration.Core.Drivers;

/// <summary>Hands power actions to the workers. It executes, it does not remember: the rows do that.</summary>
public interface IPowerQueue
{
    /// <summary>Has a power action done soon. One that waits already is not queued again.</summary>
    void Enqueue(int powerTaskId);
}
