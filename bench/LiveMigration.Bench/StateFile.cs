using Microsoft.Data.Sqlite;

namespace LiveMigration.Bench;

/// <summary>A controller's records, read beside it.</summary>
internal static class StateFile
{
    /// <summary>Asks one question.</summary>
    public static async Task<T> ReadAsync<T>(string stateFolder, string query, Func<SqliteDataReader, Task<T>> read, CancellationToken ct)
    {
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(stateFolder, "livemigration.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        await using var connection = new SqliteConnection(source.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the queries are constants of this program
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await read(reader);
    }
}
