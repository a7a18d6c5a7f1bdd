namespace LiveMigration.Core.Errors;

/// <summary>A check before the move failed on this destination.</summary>
public sealed class MigrationPreCheckError(string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Unsuitable, $"Migration pre-check error: {reason}", inner);
