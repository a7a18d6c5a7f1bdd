namespace LiveMigration.Core.Errors;

/// <summary>Disks were to stay where they are, but the destination does not see them.</summary>
public sealed class InvalidSharedStorage(string host, string reason)
    : ControlPlaneException(ErrorKind.Unsuitable, $"{host} is not on shared storage: {reason}");
