using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>The file that shows whether storage is shared: whatever becomes of the answers, none is left.</summary>
public sealed class StorageProbeTests
{
    private const string Shared = "/srv/shared";
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task A_probe_that_a_host_fell_silent_over_is_removed_with_its_next_sign_of_life()
    {
        await using var plane = await StartAsync();
        plane.Cloud.LoseReply("b", SimulatedOperation.CreateStorageProbe);
        plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, new HypervisorUnavailable("b", "cut off"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.DoesNotContain("cut off", migration.Reason, StringComparison.Ordinal);
        Assert.Single(plane.Cloud.FilesOn("b", Shared));
        var left = Assert.Single(await plane.ReadAsync(db => db.ProbedFolders.ToListAsync()));
        Assert.Equal((migration.Id, "b", Shared), (left.MigrationId, left.Host, left.Folder));
        await plane.UntilAsync(db => db.ProbedFolders.CountAsync(), count => count == 0, "nothing is noted any more");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_probe_left_on_a_host_that_was_given_up_is_removed_when_the_guest_has_gone_to_another()
    {
        await using var plane = await StartAsync();
        plane.Cloud.LoseReply("b", SimulatedOperation.CreateStorageProbe);
        plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, new HypervisorUnavailable("b", "cut off"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
        await plane.UntilAsync(db => db.ProbedFolders.CountAsync(), count => count == 0, "nothing is noted any more");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_probe_that_a_host_does_not_remove_hides_no_reason_against_that_host()
    {
        await using var plane = await StartAsync();
        plane.Cloud.FailNext("a", SimulatedOperation.SeesStorageProbe, new MigrationPreCheckError("a has no such pool"));
        plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, new HypervisorRefused("b", "the pool is busy"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Contains("a has no such pool", migration.Reason, StringComparison.Ordinal);
        await plane.UntilAsync(db => db.ProbedFolders.CountAsync(), count => count == 0, "nothing is noted any more");
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_probe_whose_removal_hangs_waits_until_the_host_is_swept_or_met()
    {
        await using var plane = await StartAsync();
        plane.Cloud.LoseReply("b", SimulatedOperation.CreateStorageProbe);
        plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, Slow());
        plane.Cloud.FailNext("b", SimulatedOperation.RemoveStorageProbe, Slow());
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        // The second try comes with the next sign of life and hangs too.
        await plane.PassAsync(TimeSpan.FromSeconds(45));
        Assert.Single(plane.Cloud.FilesOn("b", Shared));

        plane.Cloud.CutControl("b");
        plane.Cloud.HealControl("b");

        await plane.UntilAsync(db => db.ProbedFolders.CountAsync(), count => count == 0, "nothing is noted any more");
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static HypervisorUnavailable Slow() => new("b", "no answer within 15 s") { HasTimedOut = true };

    /// <summary>No sweep comes to help.</summary>
    private static Task<ControlPlane> StartAsync() => ControlPlane.StartAsync(
        Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"),
        new LiveMigrationSettings { SweepIntervalSeconds = 3600, MigrateMaxRetries = -1 });
}
