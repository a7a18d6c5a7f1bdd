using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Lab;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract of networks, kept by libvirt.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabNetworkServiceContractTests(SecondLabFixture lab) : NetworkServiceContract
{
    /// <inheritdoc/>
    protected override async ValueTask<INetworkCluster> StartClusterAsync()
    {
        await lab.ReadyAsync();
        return new Cluster(lab);
    }

    private sealed class Cluster(SecondLabFixture fixture) : INetworkCluster
    {
        private readonly LabCluster _lab = fixture.Cluster;
        private readonly List<string[]> _undo = [];

        public INetworkService Networks { get; } = new LibvirtNetworkService(fixture.Driver);

        public string Host => _lab.HostA.Name;

        public string Peer => _lab.HostB.Name;

        public string Bridge => "br0";

        public async Task<string> AddBridgeThatIsDownAsync(int mtu)
        {
            await DoAsync("ip", "link", "add", "br9", "mtu", $"{mtu}", "type", "bridge");
            _undo.Add(["ip", "link", "delete", "br9"]);
            await DoAsync("ip", "link", "add", "port9", "mtu", $"{mtu}", "type", "veth", "peer", "name", "peer9");
            _undo.Add(["ip", "link", "delete", "port9"]);
            await DoAsync("ip", "link", "set", "port9", "master", "br9");
            return "br9";
        }

        public async Task<(string Base, string Rule)> AddRulesAsync()
        {
            await DefineAsync("lm-test-base", "<rule action='drop' direction='out' priority='500'><mac match='no' srcmacaddr='$MAC'/></rule>");
            await DefineAsync("lm-test-rule", "<filterref filter='lm-test-base'/>");
            return ("lm-test-base", "lm-test-rule");
        }

        public async ValueTask DisposeAsync()
        {
            _undo.Reverse();
            foreach (var command in _undo)
            {
                await _lab.EnterAsync(_lab.HostA, command, CancellationToken.None);
            }
        }

        private async Task DefineAsync(string rule, string content)
        {
            var file = Path.Combine(_lab.Description.SharedDir, $"{rule}.xml");
            await File.WriteAllTextAsync(file, $"<filter name='{rule}'>{content}</filter>", CancellationToken.None);
            await DoAsync("virsh", "-q", "nwfilter-define", $"{_lab.Description.OnHosts.SharedDir}/{rule}.xml");
            _undo.Add(["virsh", "-q", "nwfilter-undefine", rule]);
            File.Delete(file);
        }

        private async Task DoAsync(params string[] command)
        {
            var answer = await _lab.EnterAsync(_lab.HostA, command, CancellationToken.None);
            Assert.True(answer.Succeeded, answer.Error);
        }
    }
}
