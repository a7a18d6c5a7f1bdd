namespace LiveMigration.Core.Sagas;

/// <summary>What the outside says about a pivot that was begun: the only evidence that settles it.</summary>
public enum PivotObservation
{
    /// <summary>Nobody has asked yet.</summary>
    NotAsked,

    /// <summary>It has left no trace: it may be begun (again).</summary>
    NotStarted,

    /// <summary>It goes on.</summary>
    InProgress,

    /// <summary>It has happened and can't be taken back.</summary>
    Succeeded,

    /// <summary>It has not happened and will not.</summary>
    Failed,

    /// <summary>Somebody did not answer, or the answers don't fit together yet. Nothing may be concluded.</summary>
    Unknown,
}
