namespace LiveMigration.Core.Errors;

/// <summary>No host is left that could take the instance.</summary>
public sealed class NoValidHost(string reason)
    : ControlPlaneException(ErrorKind.Refused, $"No valid host was found. {reason}");
