namespace LiveMigration.Core.Model;

/// <summary>What an operator should hold an instance to be, in Nova's words (workflow of live migration: unchanged by a move).</summary>
public enum VmState
{
    /// <summary>Is being made.</summary>
    Building,

    /// <summary>Runs, or should run.</summary>
    Active,

    /// <summary>Its processors are stopped, its memory is kept; it can be live-migrated and stays paused.</summary>
    Paused,

    /// <summary>Defined on its host, not running.</summary>
    Stopped,

    /// <summary>Saved to disk by the hypervisor.</summary>
    Suspended,

    /// <summary>Its true state is not known or it died; only an operator can say more.</summary>
    Error,

    /// <summary>Gone from every host.</summary>
    Deleted,
}
