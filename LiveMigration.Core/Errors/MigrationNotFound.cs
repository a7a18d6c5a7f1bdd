namespace LiveMigration.Core.Errors;

/// <summary>The instance has no migration of this id.</summary>
public sealed class MigrationNotFound(string migration, Guid instance)
    : ControlPlaneException(ErrorKind.Refused, $"Migration {migration} not found for instance {instance}");
