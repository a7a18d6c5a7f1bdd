namespace LiveMigration.Core.Drivers;

/// <summary>Our metadata in a guest. Whoever wants to destroy something compares it first.</summary>
/// <param name="Migration">The migration's UUID.</param>
/// <param name="Epoch">The driver's epoch when it was written.</param>
/// <param name="Source">The host that the guest is to leave.</param>
/// <param name="Destination">The host that it is to go to.</param>
public sealed record MigrationMark(Guid Migration, int Epoch, string Source, string Destination);
