namespace LiveMigration.Core.Errors;

/// <summary>What was asked of a transfer is out of bounds or contradicts itself; the message names both sides and the remedy.</summary>
public sealed class InvalidTransferOptions(string message)
    : ControlPlaneException(ErrorKind.Refused, message);
