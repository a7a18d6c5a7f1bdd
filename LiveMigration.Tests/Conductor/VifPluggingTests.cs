using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Waiting until the destination has plugged the guest in, in both ways, and giving up.</summary>
public sealed class VifPluggingTests
{
    private const string Mac = "52:54:00:00:00:01";
    private static readonly Guid Guest = Cluster.Guest(1);

    [Fact]
    public async Task Nothing_is_sent_while_the_bridge_is_down_and_the_move_goes_on_when_it_is_up()
    {
        await using var plane = await ControlPlane.StartAsync(OneOnABridge());
        var id = await GoesDownAfterTheCheckAsync(plane);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Preparing);

        plane.Cloud.SetBridge("b", new SimulatedBridge("br0"));

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Theory]
    [InlineData(true, MigrationStatus.Completed)]
    [InlineData(false, MigrationStatus.Failed)]
    public async Task What_a_network_service_tells_of_the_interface_ends_the_wait(bool plugged, MigrationStatus end)
    {
        await using var plane = await ControlPlane.StartAsync(OneOnABridge());
        var id = await GoesDownAfterTheCheckAsync(plane);
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Preparing);

        Assert.True((await plane.TellAsync(Guest, PortId.Of(Guest, Mac).ToString(), plugged)).Heard);

        Assert.Equal(end, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.False((await plane.TellAsync(Guest, Mac, plugged)).Heard);
    }

    [Fact]
    public async Task A_bridge_that_stays_down_ends_the_move_in_time()
    {
        await using var plane = await ControlPlane.StartAsync(
            OneOnABridge(), new LiveMigrationSettings { VifPluggingTimeoutSeconds = 5 });
        var id = await GoesDownAfterTheCheckAsync(plane);

        var migration = await plane.MigrationShouldEndAsync(id);

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.StartsWith("Timeout waiting for VIF plugging events, canceling migration", migration.Reason, StringComparison.Ordinal);
        Assert.Contains("the bridge br0 is not up", migration.Reason, StringComparison.Ordinal);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task An_abort_is_heard_while_it_is_waited_for_the_bridge()
    {
        await using var plane = await ControlPlane.StartAsync(OneOnABridge());
        var id = await GoesDownAfterTheCheckAsync(plane);

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_slow_start_gets_its_bandwidth_once_the_guest_is_plugged_in()
    {
        await using var plane = await ControlPlane.StartAsync(
            OneOnABridge(), new LiveMigrationSettings { WaitForVifPlug = "slow" });
        plane.Cloud.HoldPlugging("b");
        var began = plane.Time.GetUtcNow();
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Time.GetUtcNow() - began > TimeSpan.FromSeconds(20), "some time passes");
        var slow = await plane.ReadAsync(async db => (await db.Migrations.FindAsync(id))!);
        Assert.Equal(MigrationStatus.Running, slow.Status);
        Assert.InRange(slow.MemoryProcessedBytes ?? 0, 1 << 20, 25 << 20);

        plane.Cloud.ReleasePlugging("b");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.True(plane.Time.GetUtcNow() - began < TimeSpan.FromSeconds(60), "256 MiB would have taken minutes at 1 MiB/s");
    }

    [Fact]
    public async Task A_slow_start_that_is_never_plugged_in_is_given_up_and_the_guest_stays()
    {
        await using var plane = await ControlPlane.StartAsync(
            OneOnABridge(),
            new LiveMigrationSettings { WaitForVifPlug = "slow", VifPluggingTimeoutSeconds = 5 });
        plane.Cloud.HoldPlugging("b");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Contains($"canceling migration (b, 5 s: {Mac} is not plugged in)", migration.Reason, StringComparison.Ordinal);
        Assert.Equal("a", (await plane.InstanceAsync(Guest)).Host);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task An_abort_is_heard_during_a_slow_start()
    {
        await using var plane = await ControlPlane.StartAsync(OneOnABridge(), new LiveMigrationSettings { WaitForVifPlug = "slow" });
        plane.Cloud.HoldPlugging("b");
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.PhaseOf(Guest) == TransferPhase.MemoryCopy, "memory is copied, slowly");

        await plane.AbortAsync(Guest, id);

        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(id)).Status);
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_slow_start_goes_on_unplugged_where_that_is_not_fatal()
    {
        await using var plane = await ControlPlane.StartAsync(
            OneOnABridge(),
            new LiveMigrationSettings { WaitForVifPlug = "slow", VifPluggingTimeoutSeconds = 5, VifPluggingIsFatal = false });
        plane.Cloud.HoldPlugging("b");

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);
    }

    [Fact]
    public async Task A_controller_that_comes_back_to_a_slow_transfer_lets_it_go()
    {
        await using var plane = await ControlPlane.StartAsync(
            OneOnABridge(), new LiveMigrationSettings { WaitForVifPlug = "slow" });
        plane.Cloud.HoldPlugging("b");
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.UntilAsync(() => plane.Cloud.PhaseOf(Guest) == TransferPhase.MemoryCopy, "memory is copied, slowly");
        await plane.KillAsync();
        plane.Cloud.ReleasePlugging("b");
        var back = plane.Time.GetUtcNow();

        await plane.BootAgainAsync();

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.True(plane.Time.GetUtcNow() - back < TimeSpan.FromSeconds(150), "256 MiB take more than four minutes at 1 MiB/s");
    }

    private static Cluster OneOnABridge() => Cluster.OfHosts("a", "b")
        .WithGuest(1, "a", guest => guest with { Interfaces = [new GuestInterface(Mac, "bridge", "br0")] });

    /// <summary>The check sees the bridge up; by the time that it is needed, it is down.</summary>
    private static async Task<int> GoesDownAfterTheCheckAsync(ControlPlane plane)
    {
        plane.Cloud.SlowCalls("a", TimeSpan.FromMilliseconds(200));
        var id = await plane.MigrateAsync(Guest, "b");
        await plane.MigrationShouldReachAsync(id, MigrationStatus.Preparing);
        plane.Cloud.SetBridge("b", new SimulatedBridge("br0", Up: false));
        plane.Cloud.SlowCalls("a", TimeSpan.Zero);
        return id;
    }
}
