namespace LiveMigration.Core.Errors;

/// <summary>The image does not fit the flavor.</summary>
public sealed class FlavorTooSmall(string reason) : ControlPlaneException(ErrorKind.Refused, reason);
