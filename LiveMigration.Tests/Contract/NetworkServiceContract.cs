using LiveMigration.Core.Drivers;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>What every <see cref="INetworkService"/> does, simulated or real. Derive, supply a cluster, and all of it runs.</summary>
public abstract class NetworkServiceContract : IAsyncLifetime
{
    private INetworkCluster? _cluster;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private INetworkCluster Cluster => _cluster!;

    private INetworkService Networks => Cluster.Networks;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _cluster = await StartClusterAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A cluster for one test; it removes what the test leaves behind.</summary>
    protected abstract ValueTask<INetworkCluster> StartClusterAsync();

    [Fact]
    public async Task A_host_tells_its_bridges_and_what_they_carry()
    {
        var down = await Cluster.AddBridgeThatIsDownAsync(9000);

        var seen = await Networks.LookAsync(Cluster.Host, new NetworkQuestion([Cluster.Bridge, down, "lm-none"], [], []), Ct);

        Assert.Equal(new NetworkSighting(Up: true, 1500), seen.Links[Cluster.Bridge]);
        Assert.Equal(new NetworkSighting(Up: false, 9000), seen.Links[down]);
        Assert.Equal(2, seen.Links.Count);
        Assert.Empty(seen.NotKnown);
    }

    [Fact]
    public async Task A_network_that_a_host_lacks_is_in_no_answer()
    {
        var seen = await Networks.LookAsync(Cluster.Host, new NetworkQuestion([], ["lm-none"], ["lm-none"]), Ct);

        Assert.Empty(seen.Networks);
        Assert.Empty(seen.Rules);
        Assert.Empty(seen.NotKnown);
    }

    [Fact]
    public async Task Rules_are_copied_marked_and_go_when_nobody_uses_them()
    {
        var (basis, rule) = await Cluster.AddRulesAsync();
        var here = (await Networks.LookAsync(Cluster.Host, new NetworkQuestion([], [], [rule]), Ct)).Rules;
        Assert.Equal([basis, rule], here.Select(one => one.Name));
        Assert.Equal([basis], here[1].RefersTo);

        foreach (var one in here.Concat(here)) await Networks.EnsureRuleAsync(Cluster.Peer, one, Ct);
        var there = (await Networks.LookAsync(Cluster.Peer, new NetworkQuestion([], [], [rule]), Ct)).Rules;
        Assert.Equal(here.Select(one => one.Content), there.Select(one => one.Content));

        for (var twice = 0; twice < 2; twice++)
        {
            foreach (var host in new[] { Cluster.Host, Cluster.Peer })
                await Networks.RemoveUnusedRulesAsync(host, [basis, rule], Ct);
        }

        Assert.Empty((await Networks.LookAsync(Cluster.Peer, new NetworkQuestion([], [], [basis, rule]), Ct)).Rules);
        Assert.Equal(2, (await Networks.LookAsync(Cluster.Host, new NetworkQuestion([], [], [rule]), Ct)).Rules.Count);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_is_not_plugged_in()
    {
        PlannedInterface nic = new("52:54:00:00:00:01", "br0", "br0", null);

        Assert.Equal([nic.Mac], await Networks.FindUnpluggedAsync(Cluster.Host, new Guid(7, 7, 7, new byte[8]), [nic], Ct));
    }
}
