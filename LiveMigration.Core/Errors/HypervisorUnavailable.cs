namespace LiveMigration.Core.Errors;

/// <summary>The host gives no answer; what it does meanwhile is not known.</summary>
public sealed class HypervisorUnavailable(string host, string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Transient, $"Connection to the hypervisor is broken on host {host}: {reason}", inner)
{
    /// <summary>The host.</summary>
    public string Host { get; } = host;

    /// <summary>
    /// True when the connection stands, and a call was not answered in time: libvirt may be waiting for its lock on a guest.
    /// </summary>
    public bool HasTimedOut { get; init; }
}
