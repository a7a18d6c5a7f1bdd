namespace LiveMigration.Core.Errors;

/// <summary>The migration is not in a state that allows this.</summary>
public sealed class InvalidMigrationState(int migration, Guid instance, string status, string method)
    : ControlPlaneException(ErrorKind.Refused, $"Migration {migration} state of instance {instance} is {status}. Cannot {method} while the migration is in this state.");
