namespace LiveMigration.Core.Errors;

/// <summary>Somebody else drives the migration now; whoever gets this must stop at once.</summary>
public sealed class LeaseLost(int migration, int epoch)
    : ControlPlaneException(ErrorKind.Fatal, $"Migration {migration} is no longer driven by epoch {epoch}.");
