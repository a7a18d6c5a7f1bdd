using System.Collections.Frozen;

namespace LiveMigration.Core.Model;

/// <summary>Which status may follow which. Rendered into docs/states.md by a test.</summary>
public static class MigrationStatusTransitions
{
    private static readonly FrozenDictionary<MigrationStatus, FrozenSet<MigrationStatus>> Next =
        new Dictionary<MigrationStatus, FrozenSet<MigrationStatus>>
        {
            [MigrationStatus.Accepted] = Set(MigrationStatus.Queued, MigrationStatus.Cancelled, MigrationStatus.Error),
            [MigrationStatus.Queued] = Set(
                MigrationStatus.Preparing, MigrationStatus.Cancelled, MigrationStatus.Failed, MigrationStatus.Error),
            [MigrationStatus.Preparing] = Set(
                MigrationStatus.Running, MigrationStatus.Cancelled, MigrationStatus.Failed, MigrationStatus.Error),
            [MigrationStatus.Running] = Set(
                MigrationStatus.RunningPostCopy, MigrationStatus.Completed, MigrationStatus.Cancelled,
                MigrationStatus.Failed, MigrationStatus.Error),
            [MigrationStatus.RunningPostCopy] = Set(
                MigrationStatus.Completed, MigrationStatus.Failed, MigrationStatus.Error),
            [MigrationStatus.Completed] = Set(),
            [MigrationStatus.Cancelled] = Set(),
            [MigrationStatus.Failed] = Set(),
            [MigrationStatus.Error] = Set(),
        }.ToFrozenDictionary();

    /// <summary>The statuses that may directly follow this one; empty for a terminal one.</summary>
    public static IReadOnlySet<MigrationStatus> Successors(this MigrationStatus status) => Next[status];

    /// <summary>True when nothing follows any more.</summary>
    public static bool IsTerminal(this MigrationStatus status) => Next[status].Count == 0;

    /// <summary>
    /// True for the statuses that Nova's per-server list calls "in progress". A post-copy counts here although
    /// Nova hides it: it is the move's most delicate phase (known problem 3).
    /// </summary>
    public static bool IsInProgress(this MigrationStatus status) => status
        is MigrationStatus.Queued or MigrationStatus.Preparing
        or MigrationStatus.Running or MigrationStatus.RunningPostCopy;

    private static FrozenSet<MigrationStatus> Set(params MigrationStatus[] statuses) => statuses.ToFrozenSet();
}
