namespace LiveMigration.Core.Errors;

/// <summary>libvirt refused; the message is its own.</summary>
public sealed class HypervisorRefused(string host, string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Fatal, $"{host}: {reason}", inner);
