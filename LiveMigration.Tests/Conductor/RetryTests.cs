using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Hosts that will not do: the next is tried, as often as the settings allow, and no reason is lost.</summary>
public sealed class RetryTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Theory]
    [InlineData(-1, new[] { "b", "c", "d" }, "There are not enough hosts available.")]
    [InlineData(0, new[] { "b" }, "Exceeded max scheduling retries 1")]
    [InlineData(1, new[] { "b", "c" }, "Exceeded max scheduling retries 2")]
    public async Task As_many_hosts_are_tried_as_allowed_and_each_leaves_its_reason(int retries, string[] tried, string outcome)
    {
        await using var plane = await StartAsync(retries);
        foreach (var host in (string[])["b", "c", "d"])
        {
            plane.Cloud.FailNext(host, SimulatedOperation.CreateStorageProbe, new MigrationPreCheckError($"{host} lacks avx512f"));
        }

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains(outcome, migration.Reason, StringComparison.Ordinal);
        Assert.All(tried, host => Assert.Contains($"{host}: {Lacks(host)}", migration.Reason, StringComparison.Ordinal));
        Assert.Equal(
            tried.Select(host => (host, Lacks(host))),
            (await plane.ReadAsync(db => db.HostAttempts.OrderBy(row => row.Id).ToListAsync())).Select(row => (row.Host, row.Reason)));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_host_that_was_refused_stays_readable_when_another_takes_the_guest()
    {
        await using var plane = await StartAsync(retries: -1);
        plane.Cloud.FailNext("b", SimulatedOperation.CreateStorageProbe, new MigrationPreCheckError("b lacks avx512f"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
        Assert.Equal(Lacks("b"), (await plane.ReadAsync(db => db.HostAttempts.SingleAsync())).Reason);
    }

    [Fact]
    public async Task What_a_filter_says_of_a_host_is_kept_too()
    {
        await using var plane = await StartAsync(retries: -1);
        plane.Cloud.CutControl("b");
        await plane.UntilAsync(db => db.ComputeNodes.SingleAsync(node => node.Host == "b"), node => !node.IsUp, "b is down");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Completed, migration.Status);
        var refused = await plane.ReadAsync(db => db.HostAttempts.SingleAsync());
        Assert.Equal("b", refused.Host);
        Assert.Contains("down", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_no_other_host_would_cure_ends_the_search()
    {
        await using var plane = await StartAsync(retries: -1);
        plane.Cloud.FailNext("b", SimulatedOperation.CreateStorageProbe, new HypervisorRefused("b", "internal error"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains("internal error", migration.Reason, StringComparison.Ordinal);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_destination_that_falls_silent_during_the_checks_is_passed_over()
    {
        await using var plane = await StartAsync(retries: -1);
        plane.Cloud.FailNext("b", SimulatedOperation.CreateStorageProbe, new HypervisorUnavailable("b", "no answer within 15 s"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static string Lacks(string host) => $"Migration pre-check error: {host} lacks avx512f";

    private static Task<ControlPlane> StartAsync(int retries) => ControlPlane.StartAsync(
        Cluster.OfHosts("a", "b", "c", "d").WithGuest(1, "a"), new LiveMigrationSettings { MigrateMaxRetries = retries });
}
