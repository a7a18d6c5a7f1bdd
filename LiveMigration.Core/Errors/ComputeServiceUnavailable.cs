namespace LiveMigration.Core.Errors;

/// <summary>The host is down, or forced down.</summary>
public sealed class ComputeServiceUnavailable(string host)
    : ControlPlaneException(ErrorKind.Refused, $"Compute service of {host} is unavailable at this time.");
