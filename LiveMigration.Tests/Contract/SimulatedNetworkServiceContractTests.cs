using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract, kept by the simulated cloud.</summary>
public sealed class SimulatedNetworkServiceContractTests : NetworkServiceContract
{
    /// <inheritdoc/>
    protected override ValueTask<INetworkCluster> StartClusterAsync() => ValueTask.FromResult<INetworkCluster>(new Cluster());

    private sealed class Cluster : INetworkCluster
    {
        private readonly SimulatedCloud _cloud = new(
            new SimulatedCloudOptions
            {
                Hosts =
                [
                    new SimulatedHostOptions("a")
                    {
                        Rules = [new("base", "arp"), new("clean", "no spoofing") { RefersTo = ["base"] }],
                    },
                    new SimulatedHostOptions("b"),
                ],
            },
            TimeProvider.System);

        public Cluster() => Networks = new SimulatedNetworkService(_cloud);

        public INetworkService Networks { get; }

        public string Host => "a";

        public string Peer => "b";

        public string Bridge => "br0";

        public Task<string> AddBridgeThatIsDownAsync(int mtu)
        {
            _cloud.SetBridge("a", new SimulatedBridge("br9", mtu, Up: false));
            return Task.FromResult("br9");
        }

        public Task<(string Base, string Rule)> AddRulesAsync() => Task.FromResult(("base", "clean"));

        public ValueTask DisposeAsync()
        {
            _cloud.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
