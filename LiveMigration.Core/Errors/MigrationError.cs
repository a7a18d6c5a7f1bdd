namespace LiveMigration.Core.Errors;

/// <summary>The move failed for the reason given.</summary>
public sealed class MigrationError(string reason, Exception? inner = null)
    : ControlPlaneException(ErrorKind.Fatal, reason, inner);
