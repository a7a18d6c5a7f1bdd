namespace LiveMigration.Core.Errors;

/// <summary>No instance has this id.</summary>
public sealed class InstanceNotFound(string id)
    : ControlPlaneException(ErrorKind.Refused, $"Instance {id} could not be found.");
