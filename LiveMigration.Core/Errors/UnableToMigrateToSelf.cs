namespace LiveMigration.Core.Errors;

/// <summary>Source and destination are the same host.</summary>
public sealed class UnableToMigrateToSelf(Guid uuid, string host)
    : ControlPlaneException(ErrorKind.Refused, $"Unable to migrate instance ({uuid}) to current host ({host}).");
