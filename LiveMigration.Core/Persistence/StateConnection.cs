using Microsoft.Data.Sqlite;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Connections to the state file without Entity Framework, for what is asked before the controller listens: getting it
/// ready is a seventh of a start. They come from the same pool, and are set up alike.
/// </summary>
public static class StateConnection
{
    /// <summary>Opens one.</summary>
    /// <param name="path">Setting <c>Database:Path</c>.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SqliteException">The file can't be used.</exception>
    public static async Task<SqliteConnection> OpenAsync(string path, CancellationToken ct)
    {
        var connection = new SqliteConnection(Text(path));
        try
        {
            await connection.OpenAsync(ct);
            SqlitePragmas.Prepare(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="sql">Their text; each value in it becomes a parameter.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many rows were changed.</returns>
    public static async Task<int> ExecuteAsync(this SqliteConnection connection, FormattableString sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Asks for one value.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="sql">The query; each value in it becomes a parameter.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The first row's first value; null when there is no row.</returns>
    public static async Task<object?> FindAsync(this SqliteConnection connection, FormattableString sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>What every connection is opened with.</summary>
    internal static string Text(string path) => new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ToString();

    private static SqliteCommand Command(SqliteConnection connection, FormattableString sql)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(sql);
        var command = connection.CreateCommand();
        var names = Enumerable.Range(0, sql.ArgumentCount).Select(number => $"@p{number}").ToArray<object>();
        command.CommandText = string.Format(System.Globalization.CultureInfo.InvariantCulture, sql.Format, names);
        for (var number = 0; number < sql.ArgumentCount; number++)
        {
            command.Parameters.AddWithValue($"@p{number}", sql.GetArgument(number) ?? DBNull.Value);
        }

        return command;
    }
}
