namespace LiveMigration.Core.Errors;

/// <summary>No server group has this id, or it is another project's.</summary>
public sealed class InstanceGroupNotFound(string id)
    : ControlPlaneException(ErrorKind.Refused, $"Instance group {id} could not be found.");
