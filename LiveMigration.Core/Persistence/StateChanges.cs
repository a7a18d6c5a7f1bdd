using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Counts the changes of the state file, table by table. What was read of some tables while their count was so and so is
/// still so as long as the count is: one controller has the file to itself, and all of its writing passes here. SQLite
/// itself says which tables a statement has changed. A change is counted when it can be read, and may be counted more than once.
/// </summary>
public sealed class StateChanges : DbConnectionInterceptor, IDbCommandInterceptor, IDbTransactionInterceptor, ISaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbConnection, Touched> _touched = [];
    private readonly ConcurrentDictionary<string, StrongBox<long>> _tables = new(StringComparer.Ordinal);
    private long _everywhere;

    /// <summary>How many there were in these tables; take it before reading what is to be kept.</summary>
    /// <param name="tables">The tables' names, as the file has them.</param>
    public long CountOf(params ReadOnlySpan<string> tables)
    {
        var count = Volatile.Read(ref _everywhere);
        foreach (var table in tables)
        {
            count += Volatile.Read(ref Counter(table).Value);
        }

        return count;
    }

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        // Anew each time: the pool gives the same handle to one connection after the other.
        if (connection is SqliteConnection { Handle: { } handle })
        {
            var touched = _touched.GetOrCreateValue(connection);
            raw.sqlite3_update_hook(handle, (_, _, _, table, _) => touched.Tables.Add(table.utf8_to_string()), null);
        }
    }

    // SQLite's asynchronous methods run synchronously; there is one way to do it.

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Connection is { } connection)
        {
            // Where all rows go at once, SQLite names no table.
            _touched.GetOrCreateValue(connection).Everything |= command.CommandText.Contains("DELETE", StringComparison.OrdinalIgnoreCase);
            Count(connection);
        }

        return result;
    }

    /// <inheritdoc/>
    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuted(command, eventData, result));

    /// <inheritdoc/>
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Count(eventData?.Context);
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));

    /// <inheritdoc/>
    public void SaveChangesFailed(DbContextErrorEventData eventData) => Count(eventData?.Context);

    /// <inheritdoc/>
    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        SaveChangesFailed(eventData);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Count(eventData?.Context);

    /// <inheritdoc/>
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionCommitted(transaction, eventData);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => Count(eventData?.Context);

    /// <inheritdoc/>
    public Task TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionFailed(transaction, eventData);
        return Task.CompletedTask;
    }

    private void Count(DbContext? context)
    {
        if (context is not null)
        {
            Count(context.Database.GetDbConnection());
        }
    }

    private void Count(DbConnection connection)
    {
        if (!_touched.TryGetValue(connection, out var touched))
        {
            return;
        }

        if (touched.Everything)
        {
            Interlocked.Increment(ref _everywhere);
        }

        foreach (var table in touched.Tables)
        {
            Interlocked.Increment(ref Counter(table).Value);
        }

        // In a transaction nobody else can read it yet: it is counted again when it ends.
        if (connection is not SqliteConnection { Handle: { } handle } || raw.sqlite3_get_autocommit(handle) != 0)
        {
            touched.Tables.Clear();
            touched.Everything = false;
        }
    }

    private StrongBox<long> Counter(string table) => _tables.GetOrAdd(table, static _ => new StrongBox<long>());

    /// <summary>What a connection has changed since that was counted last.</summary>
    private sealed class Touched
    {
        public HashSet<string> Tables { get; } = new(StringComparer.Ordinal);

        public bool Everything { get; set; }
    }
}
