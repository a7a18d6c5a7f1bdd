using Microsoft.Data.Sqlite;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// The schema of a state file that is new, as one script made of all migrations (a test holds the two together): playing
/// each migration by itself takes a third of the first start.
/// </summary>
internal static class NewStateFile
{
    private const string Resource = "schema.sql";

    /// <summary>The script. Ends with each migration entered as applied.</summary>
    public static string Script()
    {
        using var stream = typeof(NewStateFile).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Whether nothing has been written to this file yet.</summary>
    public static bool IsNew(string path) => new FileInfo(path) is not { Exists: true, Length: > 0 };

    /// <summary>
    /// Writes it. What a crash leaves is one whole migration after the other, which the next start completes.
    /// </summary>
    public static async Task WriteAsync(SqliteConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Script();
        await command.ExecuteNonQueryAsync(ct);
    }
}
