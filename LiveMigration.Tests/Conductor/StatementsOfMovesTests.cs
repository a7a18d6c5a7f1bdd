using System.Text.RegularExpressions;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>A move does not get slower with the number of moves that were before it.</summary>
public sealed partial class StatementsOfMovesTests
{
    // What nobody ever removes from.
    private static readonly HashSet<string> Growing = ["migrations", "journal", "instance_actions", "instance_action_events", "host_attempts"];

    [Fact]
    public async Task No_statement_of_a_move_looks_through_all_moves_there_were()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a").WithGuest(2, "a"));
        plane.Statements.Forget();

        var done = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Cluster.Guest(1)));
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "told to fail"));
        var back = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Cluster.Guest(2)));

        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Failed), (done.Status, back.Status));
        Assert.True(plane.Statements.Texts.Count > 40);
        Assert.Empty(await plane.ReadAsync(db => ScansAsync(db, plane.Statements.Texts)));
    }

    [Fact]
    public async Task A_statement_that_looks_through_all_moves_is_found()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Statements.Forget();

        await plane.ReadAsync(db => db.Migrations.Where(row => row.Reason == "none").ToListAsync());

        Assert.Single(await plane.ReadAsync(db => ScansAsync(db, plane.Statements.Texts)), scan => scan.StartsWith("migrations", StringComparison.Ordinal));
    }

    private static async Task<List<string>> ScansAsync(ControlPlaneDbContext db, IReadOnlyList<string> statements)
    {
        await db.Database.OpenConnectionAsync();
        List<string> scans = [];
        foreach (var statement in statements.SelectMany(text => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!statement.StartsWith("SELECT", StringComparison.Ordinal) && !statement.StartsWith("UPDATE", StringComparison.Ordinal)
                && !statement.StartsWith("DELETE", StringComparison.Ordinal) && !statement.StartsWith("INSERT", StringComparison.Ordinal))
            {
                continue;
            }

            await using var explain = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
            explain.CommandText = "EXPLAIN QUERY PLAN " + statement;
            foreach (var name in Parameter().Matches(statement).Select(match => match.Value).Distinct(StringComparer.Ordinal))
            {
                explain.Parameters.AddWithValue(name, DBNull.Value);
            }

            await using var plan = await explain.ExecuteReaderAsync();
            while (await plan.ReadAsync())
            {
                if (Scan().Match(plan.GetString(3)) is { Success: true } scan && Growing.Contains(TableOf(scan.Groups["table"].Value, statement)))
                {
                    scans.Add($"{TableOf(scan.Groups["table"].Value, statement)}: {statement}");
                }
            }
        }

        return scans;
    }

    /// <summary>A plan names a table as the statement calls it.</summary>
    private static string TableOf(string alias, string statement) =>
        Regex.Match(statement, $"""(?<table>\w+)"? AS "?{alias}"?\b""", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } named ? named.Groups["table"].Value : alias;

    [GeneratedRegex(@"@\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^SCAN (?<table>\w+)$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scan();
}
