using LiveMigration.Core.Model;

namespace LiveMigration.Core.Errors;

/// <summary>A status was to follow that the table does not allow: a fault of ours.</summary>
public sealed class InvalidMigrationTransition(MigrationStatus from, MigrationStatus to)
    : ControlPlaneException(ErrorKind.Fatal, $"A migration can't go from {from.ToNova()} to {to.ToNova()}.");
