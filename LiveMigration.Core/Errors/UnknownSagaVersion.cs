namespace LiveMigration.Core.Errors;

/// <summary>The migration was begun by a version of the flow that this program does not know.</summary>
public sealed class UnknownSagaVersion(int migration, string version, string known)
    : ControlPlaneException(ErrorKind.Fatal, $"Migration {migration} was begun by {version}; this program knows {known}. Finish it with the version that began it.");
