using Microsoft.Data.Sqlite;

namespace LiveMigration.Simulation;

/// <summary>What is the matter with the disk under the state file.</summary>
internal enum StateTrouble
{
    None,

    /// <summary>Nothing can be written.</summary>
    Full,

    /// <summary>Nothing can be read either.</summary>
    Unreadable,
}

/// <summary>The disk under the state file, as each life of the controller finds it: commands fail as SQLite fails then.</summary>
internal sealed class StateDisk
{
    private const int IoError = 10;
    private const int DiskIsFull = 13;

    public StateTrouble Trouble { get; set; }

    /// <exception cref="SqliteException">The disk does not let that happen now.</exception>
    public void Demand(string sql)
    {
        if (Trouble == StateTrouble.Unreadable)
        {
            throw new SqliteException("disk I/O error", IoError);
        }

        if (Trouble == StateTrouble.Full && !sql.StartsWith("SELECT", StringComparison.Ordinal))
        {
            throw new SqliteException("database or disk is full", DiskIsFull);
        }
    }

    /// <exception cref="SqliteException">Nothing can be written now.</exception>
    public void DemandCommit() => Demand("COMMIT");
}
