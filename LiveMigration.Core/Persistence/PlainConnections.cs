using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Makes connections without the two dozen functions for decimals, regular expressions and the like that Entity Framework
/// puts into each: they are registered with each opening and taken away with each closing, which is a tenth of what a short
/// statement costs. A query that needs one fails with "no such function".
/// </summary>
internal sealed class PlainConnections(string connectionString) : DbConnectionInterceptor
{
    public override InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        InterceptionResult<DbConnection>.SuppressWithResult(new SqliteConnection(connectionString));
}
