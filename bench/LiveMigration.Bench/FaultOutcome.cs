namespace LiveMigration.Bench;

/// <summary>What becomes of a move that meets a fault.</summary>
internal enum FaultOutcome
{
    /// <summary>It completes, while the fault lasts or, where that is short, afterwards.</summary>
    Completes,

    /// <summary>It is taken back in the same time; the guest has never left the source.</summary>
    TakenBack,

    /// <summary>It says what it waits for, and completes once all is well again.</summary>
    WaitsThenCompletes,

    /// <summary>It says what it waits for, and is taken back once all is well again.</summary>
    WaitsThenTakenBack,

    /// <summary>The guest dies with its QEMU. It is said to be dead at once, and the migration ends.</summary>
    Dies,
}
