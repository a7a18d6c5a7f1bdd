using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Guests on networks: checked beforehand, plugged in, filtered, tidied up.</summary>
public sealed class NetworkMoveTests
{
    private const string Mac = "52:54:00:00:00:01";
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly SimulatedRule Base = new("base", "arp only from its own address");
    private static readonly SimulatedRule Rule = new("clean", "no spoofing") { RefersTo = ["base"] };

    [Fact]
    public async Task A_bridge_that_the_destination_lacks_is_refused_by_name_before_anything_is_touched()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b")
            .With("a", host => host with { Bridges = [new SimulatedBridge("br9")] })
            .WithGuest(1, "a", OnBridge("br9")));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains($"b has no bridge br9, which the guest's interface {Mac} needs", migration.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(plane.Cloud.History, entry => entry.What.StartsWith("transfer:", StringComparison.Ordinal));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_host_without_the_bridge_is_passed_over_for_one_that_has_it()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c")
            .With("b", host => host with { MemoryMiB = 1 << 20, Bridges = [] })
            .WithGuest(1, "a", OnBridge("br0")));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
    }

    [Fact]
    public async Task Each_host_may_call_a_bridge_as_it_likes()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b")
            .With("a", host => host with { GraphicsListen = "192.0.2.1" })
            .With("b", host => host with
            {
                Bridges = [new SimulatedBridge("br7")],
                BridgeNames = new Dictionary<string, string> { ["br0"] = "br7" },
                GraphicsListen = "192.0.2.2",
            })
            .WithGuest(1, "a", guest => OnBridge("br0")(guest) with { GraphicsListen = ["192.0.2.1"] }));

        await CompletesAsync(plane, "b");
        Assert.Equal(("br7", "192.0.2.2"), await PluggedAsync(plane, "b"));
        await CompletesAsync(plane, "a");
        Assert.Equal(("br0", "192.0.2.1"), await PluggedAsync(plane, "a"));
    }

    [Fact]
    public async Task Rules_travel_ahead_of_the_guest_and_what_a_move_has_brought_leaves_with_it()
    {
        await using var plane = await ControlPlane.StartAsync(Filtered());

        await CompletesAsync(plane, "b");
        Assert.Equal([Base with { IsOurs = true }, Rule with { IsOurs = true }], plane.Cloud.RulesOf("b"), Alike);
        Assert.Equal([Base, Rule], plane.Cloud.RulesOf("a"), Alike);

        await CompletesAsync(plane, "a");
        Assert.Empty(plane.Cloud.RulesOf("b"));
        Assert.Equal([Base, Rule], plane.Cloud.RulesOf("a"), Alike);
    }

    [Fact]
    public async Task A_rule_that_another_guest_uses_stays()
    {
        await using var plane = await ControlPlane.StartAsync(Filtered().WithGuest(2, "a", Under(Rule.Name)));
        await CompletesAsync(plane, "b");
        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Cluster.Guest(2), "b"), MigrationStatus.Completed);

        await CompletesAsync(plane, "a");

        Assert.Equal(2, plane.Cloud.RulesOf("b").Count);
    }

    [Fact]
    public async Task A_failed_move_takes_its_rules_away_again()
    {
        await using var plane = await ControlPlane.StartAsync(Filtered());
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "no"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Empty(plane.Cloud.RulesOf("b"));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_failed_move_leaves_the_rules_to_a_guest_that_is_on_its_way()
    {
        await using var plane = await ControlPlane.StartAsync(
            Filtered().WithGuest(2, "a", Under(Rule.Name)), new LiveMigrationSettings { MaxConcurrentPerSource = 2 });
        plane.Cloud.HoldAt(TransferPhase.BeforeTransfer, Cluster.Guest(2));
        var other = await plane.MigrateAsync(Cluster.Guest(2), "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.BeforeTransfer, Cluster.Guest(2)), "the other one is about to come");
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "no"));

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"))).Status);

        plane.Cloud.Release(TransferPhase.BeforeTransfer, Cluster.Guest(2));
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(other)).Status);
    }

    [Fact]
    public async Task A_rule_that_says_something_else_is_refused()
    {
        await using var plane = await ControlPlane.StartAsync(Filtered().With("b", host => host with { Rules = [Base with { Content = "anything goes" }] }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains("b has a filtering rule base that says something else", migration.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_killed_at_any_journal_write_brings_the_rules_over_and_tidies_up()
    {
        for (var write = 8; write <= 16; write++)
        {
            await using var plane = await ControlPlane.StartAsync(Filtered(), death: new Death(write, After: true));
            var id = await plane.MigrateAsync(Guest, "b");
            await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");
            await plane.KillAsync();
            await plane.BootAgainAsync();

            Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
            Assert.Equal(2, plane.Cloud.RulesOf("b").Count);
            await plane.ShouldBeTidyAsync(Guest);
        }
    }

    [Fact]
    public async Task A_source_that_is_gone_after_the_switch_does_not_hold_the_guest_up()
    {
        await using var plane = await ControlPlane.StartAsync(Filtered());
        await CompletesAsync(plane, "b");
        plane.Cloud.HoldAt(TransferPhase.AfterHandover);
        var id = await plane.MigrateAsync(Guest, "a");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.AfterHandover, Guest), "the guest has switched over");

        plane.Cloud.CutControl("b");
        plane.Cloud.Release(TransferPhase.AfterHandover);

        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    private static IEqualityComparer<SimulatedRule> Alike { get; } = EqualityComparer<SimulatedRule>.Create(
        (one, other) => (one?.Name, one?.Content, one?.IsOurs) == (other?.Name, other?.Content, other?.IsOurs));

    private static Cluster Filtered() => Cluster.OfHosts("a", "b")
        .With("a", host => host with { Rules = [Base, Rule] })
        .WithGuest(1, "a", Under(Rule.Name));

    private static Func<SimulatedGuestOptions, SimulatedGuestOptions> OnBridge(string bridge) =>
        guest => guest with { Interfaces = [new GuestInterface(Mac, "bridge", bridge)] };

    private static Func<SimulatedGuestOptions, SimulatedGuestOptions> Under(string rule) =>
        guest => guest with { Interfaces = [new GuestInterface(Mac, "bridge", "br0") { Rule = rule }] };

    private static async Task CompletesAsync(ControlPlane plane, string host)
    {
        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, host));
        Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static async Task<(string? Bridge, string? Listen)> PluggedAsync(ControlPlane plane, string host)
    {
        var guest = await plane.WaitAsync(new SimulatedDriver(plane.Cloud).DescribeGuestAsync(host, Guest, CancellationToken.None));
        return (Assert.Single(guest.Interfaces).Source, Assert.Single(guest.GraphicsListen));
    }
}
