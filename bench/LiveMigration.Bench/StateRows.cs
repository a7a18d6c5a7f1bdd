using Microsoft.Data.Sqlite;

namespace LiveMigration.Bench;

/// <summary>What a controller's records hold for moves that are under way. The API does not show all of it; at rest it is empty.</summary>
internal static class StateRows
{
    public static async Task<IReadOnlyList<string>> OfMovesAsync(string stateFolder, CancellationToken ct)
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
        command.CommandText = """
            SELECT 'claim of migration ' || MigrationId || ' on ' || Host FROM claims
            UNION ALL SELECT 'disk claim of migration ' || MigrationId || ' on ' || Host FROM disk_claims
            UNION ALL SELECT 'clean-up of migration ' || MigrationId || ' on ' || Host || ': ' || Reason FROM pending_cleanups
            """;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
