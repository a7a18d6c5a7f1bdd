namespace LiveMigration.Core.Errors;

/// <summary>No network has this id.</summary>
public sealed class NetworkNotFound(string id)
    : ControlPlaneException(ErrorKind.Refused, $"Network {id} could not be found.");
