namespace LiveMigration.Core.Model;

/// <summary>What is being done to an instance right now. No value means: nothing.</summary>
public enum TaskState
{
    /// <summary>A live migration owns the instance.</summary>
    Migrating,

    /// <summary>Its processors are being stopped.</summary>
    Pausing,

    /// <summary>Its processors are being let go on.</summary>
    Unpausing,

    /// <summary>It is being started.</summary>
    PoweringOn,

    /// <summary>It was asked to shut down, and is switched off if it does not.</summary>
    PoweringOff,

    /// <summary>Its memory is being saved to disk.</summary>
    Suspending,

    /// <summary>Its memory is being read back.</summary>
    Resuming,

    /// <summary>It was asked to shut down and is started again then.</summary>
    Rebooting,

    /// <summary>It is switched off and on.</summary>
    RebootingHard,
    /// <summary>A host is being chosen for it.</summary>
    Scheduling,

    /// <summary>Its disks and its guest are being made.</summary>
    Spawning,

    /// <summary>It is being removed.</summary>
    Deleting,
}
