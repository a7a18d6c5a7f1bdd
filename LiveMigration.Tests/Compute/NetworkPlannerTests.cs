using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>From what two hosts say to how a guest is plugged in, or why it can't be.</summary>
public sealed class NetworkPlannerTests
{
    private const string Mac = "52:54:00:00:00:01";
    private static readonly HostNetworkOptions Plain = new(BridgeMap.Same, null);

    [Fact]
    public void Bridges_called_alike_leave_the_definition_as_it_is()
    {
        var plan = Plan(Nic("br0"), Has("br0"), Has("br0"));

        Assert.Equal([new PlannedInterface(Mac, "br0", "br0", null)], plan.Interfaces);
        Assert.True(plan.ToChanges().AreNone);
    }

    [Fact]
    public void A_bridge_called_otherwise_at_the_destination_is_changed_there_and_back()
    {
        var lanIsBr0 = Plain with { Bridges = Names(("lan", "br0")) };
        var lanIsBr7 = Plain with { Bridges = Names(("lan", "br7")) };

        var there = Plan(Nic("br0"), Has("br0"), Has("br7"), lanIsBr0, lanIsBr7).ToChanges();
        var back = Plan(Nic("br7"), Has("br7"), Has("br0"), lanIsBr7, lanIsBr0).ToChanges();

        Assert.Equal("br7", there.Bridges[Mac]);
        Assert.Equal("br0", back.Bridges[Mac]);
    }

    [Fact]
    public void One_host_alone_may_say_what_it_calls_its_peers_bridge()
    {
        var br0IsBr7 = Plain with { Bridges = Names(("br0", "br7")) };

        Assert.Equal("br7", Plan(Nic("br0"), Has("br0"), Has("br7"), Plain, br0IsBr7).ToChanges().Bridges[Mac]);
        Assert.Equal("br0", Plan(Nic("br7"), Has("br7"), Has("br0"), br0IsBr7, Plain).ToChanges().Bridges[Mac]);
    }

    [Fact]
    public void A_bridge_that_the_destination_lacks_is_named()
    {
        var refusal = Assert.Throws<MigrationPreCheckError>(() => Plan(Nic("br9"), Has("br9"), Has("br0")));

        Assert.Equal(
            $"Migration pre-check error: b has no bridge br9, which the guest's interface {Mac} needs. "
            + "Make it there, or say how b calls it (Hosts:N:Bridges:br9).",
            refusal.Message);
    }

    [Fact]
    public void A_bridge_that_is_down_is_named()
    {
        var refusal = Assert.Throws<MigrationPreCheckError>(() => Plan(Nic("br0"), Has("br0"), Has("br0", up: false)));

        Assert.Contains($"the bridge br0 of b, for the guest's interface {Mac}, is down", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bridge_for_smaller_packets_than_the_sources_is_refused()
    {
        var refusal = Assert.Throws<MigrationPreCheckError>(() => Plan(Nic("br0"), Has("br0", mtu: 9000), Has("br0")));

        Assert.Contains($"carries packets of 1500 bytes, the guest's interface {Mac} may send 9000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_guest_was_told_counts_more_than_its_bridge() =>
        Assert.Single(Plan(Nic("br0") with { Mtu = 1400 }, Has("br0", mtu: 9000), Has("br0")).Interfaces);

    [Fact]
    public void A_host_that_cannot_tell_is_believed_and_reported()
    {
        var silent = new HostNetworks { NotKnown = new Dictionary<string, string> { ["br0"] = "no interface driver" } };

        var plan = Plan(Nic("br0"), Has("br0"), silent);

        Assert.Equal(["br0 on b: no interface driver"], plan.NotChecked);
    }

    [Fact]
    public void A_port_of_another_switch_is_not_checked()
    {
        var plan = Plan(Nic("br-int") with { HasVirtualPort = true }, HostNetworks.Nothing, HostNetworks.Nothing);

        Assert.Single(plan.NotChecked);
    }

    [Theory]
    [InlineData("network", "default", "b has no network default")]
    [InlineData("direct", "eth1", "b has no network card eth1")]
    public void Networks_and_cards_are_needed_as_well(string type, string source, string message)
    {
        var refusal = Assert.Throws<MigrationPreCheckError>(
            () => Plan(new GuestInterface(Mac, type, source), HostNetworks.Nothing, Has("br0")));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_the_same_name_that_says_something_else_is_refused()
    {
        var refusal = Assert.Throws<MigrationPreCheckError>(() => Plan(
            Nic("br0") with { Rule = "no-spoofing" }, WithRule("drop all"), WithRule("accept all")));

        Assert.Contains("b has a filtering rule no-spoofing that says something else", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_the_destination_lacks_are_no_obstacle()
    {
        var plan = Plan(Nic("br0") with { Rule = "no-spoofing" }, WithRule("drop all"), Has("br0"));

        Assert.Equal(["no-spoofing"], plan.Rules);
        Assert.Equal("no-spoofing", Assert.Single(plan.Interfaces).Rule);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", "192.0.2.2")]
    [InlineData("192.0.2.2", "192.0.2.2", null)]
    [InlineData("192.0.2.1", null, null)]
    [InlineData(null, "192.0.2.2", null)]
    public void A_screen_listens_where_the_destination_says(string? now, string? wanted, string? change)
    {
        var guest = Guest() with { GraphicsListen = now is null ? [] : [now] };

        var plan = NetworkPlanner.Plan(guest, "b", Plain, Plain with { GraphicsListen = wanted }, HostNetworks.Nothing, HostNetworks.Nothing);

        Assert.Equal(change, plan.GraphicsListen);
    }

    [Fact]
    public void A_guest_without_interfaces_has_nothing_to_ask() =>
        Assert.True(NetworkPlanner.AskSource(Guest()).IsEmpty && NetworkPlanner.AskDestination(Guest(), Plain, Plain, []).IsEmpty);

    private static NetworkPlan Plan(
        GuestInterface nic, HostNetworks here, HostNetworks there, HostNetworkOptions? from = null, HostNetworkOptions? to = null) =>
        NetworkPlanner.Plan(Guest(nic), "b", from ?? Plain, to ?? Plain, here, there);

    private static GuestDescription Guest(params GuestInterface[] nics) =>
        new(new Guid(1, 0, 0, new byte[8]), "qemu", "x86_64", "q35", null, [], nics);

    private static GuestInterface Nic(string bridge) => new(Mac, "bridge", bridge);

    private static HostNetworks Has(string bridge, int mtu = 1500, bool up = true) => new()
    {
        Links = new Dictionary<string, NetworkSighting> { [bridge] = new(up, mtu) },
    };

    private static HostNetworks WithRule(string content) => Has("br0") with { Rules = [new NetworkRule("no-spoofing", content, [])] };

    private static BridgeMap Names(params (string Common, string Own)[] names) =>
        new(names.ToDictionary(name => name.Common, name => name.Own, StringComparer.Ordinal));
}
