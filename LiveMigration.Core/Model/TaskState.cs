namespace LiveMigration.Core.Model;

/// <summary>What is being done to an instance right now. No value means: nothing.</summary>
public enum TaskState
{
    /// <summary>A live migration owns the instance.</summary>
    Migrating,

    /// <summary>A host is being chosen for it.</summary>
    Scheduling,

    /// <summary>Its disks and its guest are being made.</summary>
    Spawning,

    /// <summary>It is being removed.</summary>
    Deleting,
}
