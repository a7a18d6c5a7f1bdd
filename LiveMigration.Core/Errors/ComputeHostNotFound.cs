namespace LiveMigration.Core.Errors;

/// <summary>No configured host has this name.</summary>
public sealed class ComputeHostNotFound(string host)
    : ControlPlaneException(ErrorKind.Refused, $"Compute host {host} could not be found.");
