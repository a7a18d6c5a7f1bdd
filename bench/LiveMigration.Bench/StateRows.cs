namespace LiveMigration.Bench;

/// <summary>What a controller's records hold for moves that are under way. The API does not show all of it; at rest it is empty.</summary>
internal static class StateRows
{
    private const string Query = """
        SELECT 'claim of migration ' || MigrationId || ' on ' || Host FROM claims
        UNION ALL SELECT 'disk claim of migration ' || MigrationId || ' on ' || Host FROM disk_claims
        UNION ALL SELECT 'clean-up of migration ' || MigrationId || ' on ' || Host || ': ' || Reason FROM pending_cleanups
        """;

    public static Task<IReadOnlyList<string>> OfMovesAsync(string stateFolder, CancellationToken ct) => StateFile.ReadAsync<IReadOnlyList<string>>(
        stateFolder,
        Query,
        async reader =>
        {
            var rows = new List<string>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        },
        ct);
}
