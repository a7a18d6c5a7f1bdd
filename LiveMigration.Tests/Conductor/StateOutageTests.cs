using System.Text.Json;
using LiveMigration.Core.Model;
using LiveMigration.Core.Sagas;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>The disk under the state file is full for a while: what runs goes on, and is written when there is room.</summary>
public sealed class StateOutageTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task A_transfer_ends_while_the_state_file_is_away_and_is_written_when_it_is_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.HoldInMidCopyAsync(Guest);

        plane.Outage.IsOn = true;
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        await plane.UntilAsync(() => plane.Cloud.WhereRuns(Guest) is ["b"], "the guest runs at the destination");
        await plane.PassAsync(TimeSpan.FromSeconds(15));
        plane.Outage.IsOn = false;

        var migration = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Completed, migration.Status);
        Assert.Equal(1, migration.Epoch); // whoever began it has ended it; nobody had to take it up again
        Assert.Equal("b", (await plane.InstanceAsync(Guest)).Host);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_lease_that_could_not_be_given_back_before_the_clock_was_put_back_holds_nobody_off()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldEndAsync(id);
        DateTime? expires = plane.Time.GetUtcNow().UtcDateTime.AddMinutes(75);

        await plane.TamperAsync(db => db.Migrations.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.FinishedAt, (DateTime?)null)
            .SetProperty(row => row.LeaseOwner, "one that has given up")
            .SetProperty(row => row.LeaseExpiresAt, expires)));

        var again = await plane.MigrationShouldEndAsync(id);
        Assert.Equal(MigrationStatus.Completed, again.Status);
        Assert.Equal(2, again.Epoch);
    }

    [Fact]
    public async Task A_lease_of_a_build_from_before_the_clock_was_put_back_holds_nobody_off()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));
        var server = await plane.CreateAsync();
        await plane.BuildShouldEndAsync(server);
        DateTime? expires = plane.Time.GetUtcNow().UtcDateTime.AddMinutes(75);

        await plane.TamperAsync(async db =>
        {
            var build = await db.InstanceBuilds.SingleAsync();
            var lines = JsonSerializer.Deserialize<List<JournalEntry>>(build.Journal)!;
            build.Journal = JsonSerializer.Serialize(lines.TakeWhile(line => line.Step != "complete"));
            build.FinishedAt = null;
            (build.LeaseOwner, build.LeaseExpiresAt) = ("one that has given up", expires);
        });

        await plane.BuildShouldEndAsync(server);
        await plane.ServerShouldBeAsync(server, VmState.Active);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task A_move_ends_well_whenever_the_state_file_goes_away(double part)
    {
        var commands = await CommandsOfAMoveAsync();
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.MigrateAsync(Guest);

        plane.Outage.BeginsAt = plane.Outage.Commands + 1 + (int)(commands * part);
        await plane.UntilAsync(() => plane.Outage.IsOn, "the disk is full");
        await plane.PassAsync(TimeSpan.FromSeconds(20));
        plane.Outage.IsOn = false;

        var migration = await plane.MigrationShouldEndAsync(id);
        var home = migration.Status == MigrationStatus.Completed ? "b" : "a";
        Assert.Equal(home, (await plane.InstanceAsync(Guest)).Host);
        Assert.Equal([home], plane.Cloud.WhereRuns(Guest));
        await plane.ShouldBeTidyAsync(Guest);
    }

    public static TheoryData<double> Beginnings() => [.. Enumerable.Range(0, 20).Select(index => index / 20.0)];

    // Looks and loops ask as well, so this is a measure of where in the move it is, no exact place.
    private static async Task<int> CommandsOfAMoveAsync()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var id = await plane.MigrateAsync(Guest);
        var before = plane.Outage.Commands;
        await plane.UntilAsync(() => plane.Cloud.WhereRuns(Guest) is ["b"], "the guest runs at the destination");
        return plane.Outage.Commands - before;
    }
}
