using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Sets what each connection needs, once: the pool hands the same one out again and again. FULL, not NORMAL: in WAL mode
/// NORMAL may lose the last commits when the power fails, and the line "the transfer has begun" must not be lost.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;";
    private static readonly ConditionalWeakTable<object, object> Prepared = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

    /// <summary>Sets it, unless it has been set already.</summary>
    public static void Prepare(DbConnection connection)
    {
        // Entity Framework looks through a read-only one whether the file is there; that could not change a restored copy's mode.
        if (connection is SqliteConnection { Handle: { } handle }
            && !Prepared.TryGetValue(handle, out _)
            && !IsReadOnly(connection)
            && Prepared.TryAdd(handle, handle))
        {
            using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.ExecuteNonQuery();
        }
    }

    // SQLite's asynchronous methods run synchronously; there is one way to do it.
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    private static bool IsReadOnly(DbConnection connection) =>
        new SqliteConnectionStringBuilder(connection.ConnectionString).Mode == SqliteOpenMode.ReadOnly;
}
