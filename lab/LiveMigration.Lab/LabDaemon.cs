namespace LiveMigration.Lab;

/// <summary>A daemon of a lab host.</summary>
public enum LabDaemon
{
    /// <summary>The hypervisor's management daemon; guests outlive it.</summary>
    Libvirtd,

    /// <summary>The door by which everybody logs in.</summary>
    Sshd,
}
