using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LiveMigration.Bench;

/// <summary>A migration as the controller's records have it. They are read past the API: what is asked of that costs the controller time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status, as stored.</param>
/// <param name="Reason">Why it ended so, or waits.</param>
/// <param name="Epoch">How many drivers it has had.</param>
/// <param name="NextLine">When its newest driver wrote its first line into the journal; null when it has written none.</param>
/// <param name="UpdatedAt">When it was written last.</param>
/// <param name="HasEnded">True when it has ended.</param>
/// <param name="IsDriven">True while somebody drives it.</param>
internal sealed record MigrationRow(
    int Id, string Status, string? Reason, int Epoch, DateTime? NextLine, DateTime? UpdatedAt, bool HasEnded, bool IsDriven)
{
    private const string Query = """
        SELECT m.Id, m.Status, m.Reason, m.Epoch,
               (SELECT min(j.At) FROM journal j WHERE j.MigrationId = m.Id AND j.Epoch = m.Epoch),
               m.UpdatedAt, m.FinishedAt IS NOT NULL, m.LeaseOwner IS NOT NULL
        FROM migrations m WHERE m.Id = (SELECT max(Id) FROM migrations)
        """;

    /// <summary>Whether it has ended and everything about it is written.</summary>
    public bool IsOver => HasEnded && !IsDriven;

    /// <summary>Why it does not go on; null when it does, or has ended.</summary>
    public string? WaitsFor => HasEnded ? null : Reason;

    /// <summary>Whether it ended well.</summary>
    public bool HasCompleted => string.Equals(Status, "Completed", StringComparison.Ordinal);

    /// <summary>The youngest; null when there is none.</summary>
    public static Task<MigrationRow?> LatestAsync(string stateFolder, CancellationToken ct) => StateFile.ReadAsync(
        stateFolder,
        Query,
        async reader => await reader.ReadAsync(ct)
            ? new MigrationRow(
                reader.GetInt32(0),
                reader.GetString(1),
                Text(reader, 2),
                reader.GetInt32(3),
                Time(reader, 4),
                Time(reader, 5),
                reader.GetBoolean(6),
                reader.GetBoolean(7))
            : null,
        ct);

    /// <summary>Whether this many hosts have answered the controller since.</summary>
    public static Task<bool> HaveAnsweredAsync(string stateFolder, int hosts, DateTime since, CancellationToken ct) => StateFile.ReadAsync(
        stateFolder,
        "SELECT Connected, LastSeenAt FROM compute_nodes",
        async reader =>
        {
            var answered = 0;
            while (await reader.ReadAsync(ct))
            {
                answered += reader.GetBoolean(0) && Time(reader, 1) > since ? 1 : 0;
            }

            return answered >= hosts;
        },
        ct);

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTime? Time(SqliteDataReader reader, int column) => Text(reader, column) is { } text
        ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
        : null;
}
