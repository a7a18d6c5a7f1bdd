namespace LiveMigration.Core.Errors;

/// <summary>A setting is wrong; the message names it, its value and what is allowed.</summary>
public sealed class InvalidSettings(string message)
    : ControlPlaneException(ErrorKind.Refused, message);
