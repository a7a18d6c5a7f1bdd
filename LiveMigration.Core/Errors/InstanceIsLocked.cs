namespace LiveMigration.Core.Errors;

/// <summary>The instance is locked and the caller is no admin.</summary>
public sealed class InstanceIsLocked(Guid uuid)
    : ControlPlaneException(ErrorKind.Refused, $"Instance {uuid} is locked");
