namespace LiveMigration.Core.Errors;

/// <summary>The host gives no answer; what it does meanwhile is not known.</summary>
public sealed class HypervisorUnavailable(string host, string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Transient, $"Connection to the hypervisor is broken on host {host}: {reason}", inner)
{
    /// <summary>The host.</summary>
    public string Host { get; } = host;
}
