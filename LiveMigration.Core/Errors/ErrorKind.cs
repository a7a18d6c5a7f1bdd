namespace LiveMigration.Core.Errors;

/// <summary>What an error means for the flow; its type says what it means for the caller.</summary>
public enum ErrorKind
{
    /// <summary>The caller asked for what can't be: nothing was changed.</summary>
    Refused,

    /// <summary>This destination will not do; another might.</summary>
    Unsuitable,

    /// <summary>No answer now; the same step may work later.</summary>
    Transient,

    /// <summary>This will not work however often it is tried.</summary>
    Fatal,
}
