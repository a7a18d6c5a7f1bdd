using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LiveMigration.Tests.Support;

/// <summary>A disk under the state file that can be full: every command fails as SQLite fails then.</summary>
internal sealed class StateOutage : DbCommandInterceptor
{
    private int _commands;

    /// <summary>Whether it is full now.</summary>
    public bool IsOn { get; set; }

    /// <summary>The command, counted from 1, at which it fills up, or the next one if that has passed; null = it does not by itself.</summary>
    public int? BeginsAt { get; set; }

    /// <summary>How many commands there were.</summary>
    public int Commands => _commands;

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Refuse();
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Refuse();
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Refuse();
        return new(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Refuse();
        return new(result);
    }

    private void Refuse()
    {
        if (Interlocked.Increment(ref _commands) >= BeginsAt)
        {
            (BeginsAt, IsOn) = (null, true);
        }

        if (IsOn)
        {
            throw new SqliteException("database or disk is full", 13);
        }
    }
}
