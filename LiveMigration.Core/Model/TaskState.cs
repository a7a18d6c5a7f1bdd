namespace LiveMigration.Core.Model;

/// <summary>What is being done to an instance right now. No value means: nothing.</summary>
public enum TaskState
{
    /// <summary>A live migration owns the instance.</summary>
    Migrating,
}
