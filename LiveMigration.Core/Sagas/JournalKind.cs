namespace LiveMigration.Core.Sagas;

/// <summary>What a line of the journal tells. The names are durable data.</summary>
public enum JournalKind
{
    /// <summary>A step is about to be run. Whatever it does may have happened from here on.</summary>
    StepStarted,

    /// <summary>A step has been done.</summary>
    StepDone,

    /// <summary>A step failed. What it did so far is undone with the rest, or it is tried again after the pivot.</summary>
    StepFailed,

    /// <summary>The pivot's action came back, well or badly; where the guest is must still be asked.</summary>
    PivotReturned,

    /// <summary>From here on the steps are undone, in reverse. Before the pivot, or after it has failed for certain.</summary>
    UnwindBegun,

    /// <summary>A step has been undone.</summary>
    UndoDone,

    /// <summary>A step could not be undone; it is tried again.</summary>
    UndoFailed,

    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>All that was begun has been undone.</summary>
    Unwound,
}
