namespace LiveMigration.Core.Errors;

/// <summary>No flavor has this id.</summary>
public sealed class FlavorNotFound(string id)
    : ControlPlaneException(ErrorKind.Refused, $"Flavor {id} could not be found.");
