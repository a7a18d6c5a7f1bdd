namespace LiveMigration.Core.Model;

/// <summary>What the hypervisor last said of the guest. The numbers are Nova's <c>OS-EXT-STS:power_state</c>.</summary>
public enum PowerState
{
    /// <summary>Nothing is known.</summary>
    NoState = 0,

    /// <summary>Runs.</summary>
    Running = 1,

    /// <summary>Its processors are stopped.</summary>
    Paused = 3,

    /// <summary>Defined but off.</summary>
    Shutdown = 4,

    /// <summary>Ended by a fault of guest or QEMU.</summary>
    Crashed = 6,

    /// <summary>Saved or suspended.</summary>
    Suspended = 7,
}
