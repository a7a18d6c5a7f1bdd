using Microsoft.Data.Sqlite;

namespace LiveMigration.Core.Persistence;

/// <summary>Tells a database that can't work now from a fault of ours.</summary>
public static class SqliteFaults
{
    private const int UniqueConstraint = 2067;
    private const int PrimaryKey = 1555;

    /// <summary>
    /// What an operator should read when SQLite can't work: locked, full, read-only, broken. Null for every other
    /// exception. Codes: https://www.sqlite.org/rescode.html.
    /// </summary>
    public static string? Explain(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SqliteException sqlite)
            {
                return sqlite.SqliteErrorCode switch
                {
                    5 or 6 => "it is locked by another program",
                    8 => "it is read-only",
                    10 => "reading or writing its file failed",
                    11 or 26 => "its file is damaged or no database",
                    13 => "its disk is full",
                    14 => "its file can't be opened",
                    _ => null,
                };
            }
        }

        return null;
    }

    /// <summary>True when somebody else had written the same key before, or had removed what this belongs to.</summary>
    public static bool IsConflict(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        const int ForeignKey = 787;
        return (exception.InnerException ?? exception) is SqliteException { SqliteExtendedErrorCode: UniqueConstraint or PrimaryKey or ForeignKey };
    }

    /// <summary>True when somebody else had written the same key before.</summary>
    public static bool IsDuplicate(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueConstraint or PrimaryKey };
    }
}
