using LiveMigration.Core.Alerts;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Seals;

/// <summary>Two controllers on the same hosts by mistake: one acts, the other says why it does not.</summary>
public sealed class TwoControllersTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_touches_nothing_and_names_the_first_and_the_remedy()
    {
        await using var first = await StartAsync();
        await using var second = await first.StartSecondAsync();

        var node = await second.UntilAsync(
            db => db.ComputeNodes.AsNoTracking().OrderBy(row => row.Host).FirstAsync(Ct), row => row.ConnectionError is not null, "it notices");

        Assert.False(node.IsUp);
        Assert.Contains($"controller {first.Home.Id} ({first.Home.Place};", node.ConnectionError, StringComparison.Ordinal);
        Assert.Contains($"--Controller:TakeOverFrom={first.Home.Id}", node.ConnectionError, StringComparison.Ordinal);
        await second.UntilAsync(() => second.Alerts.Count == 2, "it tells of both hosts");
        Assert.All(second.Alerts, alert => Assert.Equal(AlertKind.HostHeldByAnother, alert.Finding.Kind));
        Assert.Empty(await second.ReadAsync(db => db.Instances.ToListAsync(Ct)));
        Assert.Empty(first.Alerts);
        Assert.Equal(MigrationStatus.Completed, (await first.MigrationShouldEndAsync(await first.MigrateAsync(Guest, "b"))).Status);
        await first.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task The_second_moves_nothing_though_its_records_know_the_guest()
    {
        await using var first = await StartAsync();
        await using var second = await first.StartSecondAsync();
        await second.TamperAsync(db =>
        {
            db.Instances.Add(new Instance
            {
                Uuid = Guest, DisplayName = "guest-1", DomainName = "guest-1", Host = "a", VmState = VmState.Active, PowerState = PowerState.Running,
                MemoryMiB = 256, Vcpus = 1, ProjectId = "project", UserId = "tester", CreatedAt = DateTime.UnixEpoch, LaunchedAt = DateTime.UnixEpoch,
            });
            return Task.CompletedTask;
        });

        var migration = await second.MigrationShouldEndAsync(await second.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Null(first.Cloud.MarkOn("a", Guest));
        Assert.Equal(["a"], first.Cloud.WhereRuns(Guest));
    }

    [Fact]
    public async Task The_same_controller_started_again_goes_on_with_its_hosts()
    {
        await using var plane = await StartAsync();
        var id = await plane.HoldInMidCopyAsync(Guest);

        await plane.KillAsync();
        await plane.BootAgainAsync();
        plane.Cloud.Release(TransferPhase.MemoryCopy);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Empty(plane.Alerts);
    }

    [Fact]
    public async Task A_dead_controllers_hosts_stay_its_own_until_the_operator_says_otherwise()
    {
        await using var first = await StartAsync();
        await first.KillAsync();
        await using var second = await first.StartSecondAsync();
        await second.UntilAsync(() => second.Alerts.Count == 2, "it notices");

        second.Time.Advance(TimeSpan.FromMinutes(6));
        await second.UntilAsync(
            () => second.Alerts.All(alert => alert.Finding.Text.Contains("may be dead", StringComparison.Ordinal)), "it says that the first may be dead");
        Assert.Empty(await second.ReadAsync(db => db.Instances.ToListAsync(Ct)));

        await second.KillAsync();
        second.TakeOver = new ControllerSettings { TakeOverFrom = [first.Home.Id] };
        await second.BootAgainAsync();

        await second.UntilAsync(db => db.Instances.CountAsync(Ct), count => count == 1, "the guest is adopted");
        Assert.Equal(MigrationStatus.Completed, (await second.MigrationShouldEndAsync(await second.MigrateAsync(Guest, "b"))).Status);
        Assert.Empty(second.Alerts);
    }

    [Fact]
    public async Task A_controller_that_lives_is_said_to_live()
    {
        await using var first = await StartAsync();
        await using var second = await first.StartSecondAsync();

        await second.UntilAsync(
            () => second.Alerts.Count == 2 && second.Alerts.All(alert => alert.Finding.Text.Contains("It lives", StringComparison.Ordinal)),
            "the second has seen the first renew its seal");
    }

    [Fact]
    public async Task One_whose_hosts_are_taken_over_in_mid_copy_stands_aside_and_aborts_and_removes_nothing()
    {
        await using var first = await StartAsync();
        var id = await first.HoldInMidCopyAsync(Guest);
        await using var second = await first.StartSecondAsync(new ControllerSettings { TakeOverFrom = [first.Home.Id] });
        await first.UntilAsync(() => first.Alerts.Count(alert => alert.Finding.Kind == AlertKind.HostTakenOver) == 2, "the first notices");

        await first.AbortAsync(Guest, id);
        first.Cloud.Release(TransferPhase.MemoryCopy);
        await first.UntilAsync(() => first.Cloud.WhereRuns(Guest) is ["b"], "the transfer is left to finish");
        await second.UntilAsync(
            db => db.Instances.AsNoTracking().SingleOrDefaultAsync(Ct), row => row?.Host == "b", "the second finds the guest where it runs");

        Assert.Empty(first.Cloud.Audit());
        Assert.Null((await first.ReadAsync(db => db.Migrations.SingleAsync(row => row.Id == id, Ct))).FinishedAt);
        Assert.NotNull(first.Cloud.MarkOn("b", Guest));
    }

    [Fact]
    public async Task The_open_move_of_a_dead_controller_is_brought_to_its_end_by_the_one_that_takes_over()
    {
        await using var first = await StartAsync();
        await first.HoldInMidCopyAsync(Guest);
        await first.KillAsync();
        await using var second = await first.StartSecondAsync(new ControllerSettings { TakeOverFrom = [first.Home.Id] });
        second.KeepAuditing();

        await second.UntilAsync(db => db.Migrations.CountAsync(Ct), count => count == 1, "the move is recorded anew");
        second.Cloud.Release(TransferPhase.MemoryCopy);

        Assert.Equal(MigrationStatus.Completed, (await second.MigrationShouldEndAsync(1)).Status);
        Assert.Equal("b", (await second.InstanceAsync(Guest)).Host);
        await second.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Of_two_with_a_copied_state_folder_the_later_one_goes_on()
    {
        await using var first = await StartAsync();
        await using var second = await first.StartSecondAsync(copied: true);

        await first.UntilAsync(() => first.Alerts.Count(alert => alert.Finding.Kind == AlertKind.HostTakenOver) == 2, "the earlier one notices");

        Assert.Contains("its state folder was copied", first.Alerts[0].Finding.Text, StringComparison.Ordinal);
        await second.UntilAsync(db => db.Instances.CountAsync(Ct), count => count == 1, "the later one works");
        Assert.Empty(second.Alerts);
    }

    [Fact]
    public async Task A_host_that_can_keep_no_seal_is_worked_on_and_told_of()
    {
        await using var plane = await StartAsync();
        plane.Cloud.FailNext("a", SimulatedOperation.FindSeal, new HypervisorRefused("a", "this function is not supported by the connection driver"));

        await plane.UntilAsync(() => plane.Alerts.Any(alert => alert.Finding.Kind == AlertKind.HostUnsealed), "it is told of");
        Assert.True((await plane.ReadAsync(db => db.ComputeNodes.AsNoTracking().SingleAsync(row => row.Host == "a", Ct))).IsUp);
        await plane.UntilAsync(() => plane.Alerts.Count == 0, "the next look finds the seal");
    }

    private static Task<ControlPlane> StartAsync() => ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
}
