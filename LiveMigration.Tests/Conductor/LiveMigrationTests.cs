using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>The main path and its refusals, as an operator meets them.</summary>
public sealed class LiveMigrationTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task Moves_a_guest_there_and_back_and_on()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"));

        foreach (var host in new[] { "b", "a", "c" })
        {
            var id = await plane.MigrateAsync(Guest, host);
            var migration = await plane.MigrationShouldEndAsync(id);

            Assert.Equal(MigrationStatus.Completed, migration.Status);
            Assert.Equal(host, migration.DestCompute);
            Assert.Null(migration.Reason);
            Assert.True(migration.DowntimeMs > 0);
            Assert.Equal(host, (await plane.InstanceAsync(Guest)).Host);
            await plane.ShouldBeTidyAsync(Guest);
        }
    }

    [Fact]
    public async Task Chooses_the_enabled_host_with_the_most_free_memory()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c", "d")
            .With("b", host => host with { MemoryMiB = 8192 })
            .With("d", host => host with { MemoryMiB = 1 << 20 })
            .WithGuest(1, "a"));
        await plane.ReadAsync(db => db.ComputeNodes.Where(node => node.Host == "d")
            .ExecuteUpdateAsync(set => set.SetProperty(node => node.Enabled, false)));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal("c", migration.DestCompute);
    }

    [Fact]
    public async Task Tells_of_every_host_why_it_would_not_do()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c")
            .With("b", host => host with { MemoryMiB = 600 })
            .With("c", host => host with { CpuModel = "Westmere", OlderCpuModels = [], CpuFeatures = [] })
            .WithGuest(1, "a", guest => guest with { CpuXml = "<cpu><model>Haswell</model></cpu>" }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.StartsWith("No valid host was found. There are not enough hosts available.", migration.Reason, StringComparison.Ordinal);
        Assert.Contains("b: 88 MiB of memory left, 256 MiB needed", migration.Reason, StringComparison.Ordinal);
        Assert.Contains("c: lacks the guest's CPU", migration.Reason, StringComparison.Ordinal);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Block_migration_on_shared_storage_is_refused_while_the_client_waits()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));

        var refusal = await Assert.ThrowsAsync<InvalidLocalStorage>(
            () => plane.MigrateAsync(Guest, "b", wait: true, scheduled: false, block: BlockMigration.Yes));

        Assert.Equal("a is not on local storage: Block migration can not be used with shared storage.", refusal.Message);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_second_request_for_a_migrating_guest_is_a_conflict()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var id = await plane.MigrateAsync(Guest);

        var conflict = await Assert.ThrowsAsync<InstanceInvalidState>(() => plane.MigrateAsync(Guest));

        Assert.Equal($"Cannot 'os-migrateLive' instance {Guest} while it is in task_state migrating", conflict.Message);
        plane.Cloud.Release(TransferPhase.MemoryCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Fact]
    public async Task Of_many_requests_at_once_one_is_taken()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Record.ExceptionAsync(() => plane.MigrateAsync(Guest)).AsTask()));

        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Equal(19, outcomes.Count(outcome => outcome is InstanceInvalidState));
    }

    [Fact]
    public async Task A_guest_paused_by_its_operator_moves_and_stays_paused()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b")
            .WithGuest(1, "a", guest => guest with { State = Core.Drivers.GuestState.Paused }));

        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        var instance = await plane.InstanceAsync(Guest);
        Assert.Equal((VmState.Paused, PowerState.Paused, "b"), (instance.VmState, instance.PowerState, instance.Host));
    }

    [Fact]
    public async Task Moves_out_of_one_host_wait_for_each_other()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a").WithGuest(2, "a").WithGuest(3, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        var first = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(first, MigrationStatus.Running);
        var second = await plane.MigrateAsync(Cluster.Guest(2));
        await plane.MigrationShouldReachAsync(second, MigrationStatus.Queued);
        var third = await plane.MigrateAsync(Cluster.Guest(3));

        var waiting = await plane.UntilAsync(
            db => db.Migrations.AsNoTracking().SingleAsync(row => row.Id == third), row => row.Reason is not null, "the third waits");
        Assert.Equal((MigrationStatus.Queued, false), (waiting.Status, waiting.NeedsAttention));
        Assert.Contains("queued, 2 of 2: 1 of 1 moves out of a under way", waiting.Reason, StringComparison.Ordinal);

        plane.Cloud.Release(TransferPhase.MemoryCopy);
        foreach (var id in new[] { first, second, third })
        {
            Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        }
    }

    [Fact]
    public async Task An_aborted_transfer_leaves_the_guest_on_the_source()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.NeverConverge(Guest);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_queued_migration_is_aborted_at_once()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a").WithGuest(2, "a"));
        plane.Cloud.HoldAt(TransferPhase.MemoryCopy);
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Running);
        var queued = await plane.MigrateAsync(Cluster.Guest(2));
        await plane.MigrationShouldReachAsync(queued, MigrationStatus.Queued);

        await plane.AbortAsync(Cluster.Guest(2), queued);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(queued)).Status);
    }

    [Fact]
    public async Task Forcing_a_busy_guest_completes_its_move_and_it_runs()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { WorkingSetMiB = 256 }));
        plane.Cloud.SetDirtyRate(Guest, 5000);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.ForceCompleteAsync(Guest, id);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Equal(PowerState.Running, (await plane.InstanceAsync(Guest)).PowerState);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Forcing_by_post_copy_shows_as_a_status_of_its_own()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { WorkingSetMiB = 256 }), new LiveMigrationSettings { PermitPostCopy = true });
        plane.Cloud.SetDirtyRate(Guest, 5000);
        plane.Cloud.HoldAt(TransferPhase.PostCopy);
        var id = await plane.MigrateAsync(Guest);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Running);

        await plane.ForceCompleteAsync(Guest, id);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.RunningPostCopy);

        plane.Cloud.Release(TransferPhase.PostCopy);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task Events_of_the_action_tell_the_whole_story()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        var events = await plane.ReadAsync(db => db.InstanceActionEvents.OrderBy(row => row.StartTime).ThenBy(row => row.Id).ToListAsync());

        Assert.Equal(
            [
                "conductor_live_migrate_instance", "compute_check_can_live_migrate_destination",
                "compute_check_can_live_migrate_source", "compute_live_migration", "compute_pre_live_migration",
                "compute_post_live_migration_at_destination",
            ],
            events.Select(row => row.Event));
        Assert.All(events, row => Assert.Equal("Success", row.Result));
    }
}
