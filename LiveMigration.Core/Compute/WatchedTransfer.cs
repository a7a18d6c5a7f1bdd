using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Compute;

/// <summary>What the monitor must know of a transfer.</summary>
/// <param name="MigrationId">The migration.</param>
/// <param name="Migration">The migration's UUID, as in the mark.</param>
/// <param name="Instance">The guest.</param>
/// <param name="Source">Where its job is.</param>
/// <param name="DataGiB">What the time limits are counted by.</param>
/// <param name="Options">What is in force.</param>
/// <param name="MayPostCopy">True when it was begun with post-copy permitted.</param>
/// <param name="InPostCopy">True when the guest has switched over already: then there is only forward.</param>
internal sealed record WatchedTransfer(
    int MigrationId, Guid Migration, Guid Instance, string Source, double DataGiB, TransferOptions Options, bool MayPostCopy, bool InPostCopy);
