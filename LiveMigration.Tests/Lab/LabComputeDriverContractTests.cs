using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Lab;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract, kept by libvirt: what the simulation is held to.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabComputeDriverContractTests(SecondLabFixture lab) : ComputeDriverContract
{
    /// <inheritdoc/>
    protected override async ValueTask<IContractCluster> StartClusterAsync()
    {
        await lab.ReadyAsync();
        return new Cluster(lab);
    }

    private sealed class Cluster(SecondLabFixture fixture) : IContractCluster
    {
        private readonly LabCluster _lab = fixture.Cluster;
        private readonly List<LabGuest> _guests = [];
        private bool _cut;
        private bool _killed;

        public IComputeDriver Driver => fixture.Driver;

        public IDiskImages Images => new LibvirtDiskImages(fixture.Driver);

        public string Source => _lab.HostA.Name;

        public string Destination => _lab.HostB.Name;

        public string SharedFolder => _lab.Description.OnHosts.SharedDir;

        public string LocalFolder => _lab.Description.OnHosts.LocalDir;

        public string? CannotKillLibvirtd => null;

        private static CancellationToken Ct => TestContext.Current.CancellationToken;

        public async Task<Guid> StartGuestAsync(long memoryMiB, double dirtyMiBps)
        {
            var guest = await fixture.StartGuestAsync(
                new LabGuestOptions { MemoryMiB = (int)memoryMiB, DirtyMBPerSecond = (int)Math.Ceiling(dirtyMiBps) });
            _guests.Add(guest);
            return guest.Uuid;
        }

        public Task EventuallyAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(condition, what);

        public async Task<Exception?> OutcomeOfAsync(Task underWay)
        {
            await EventuallyAsync(() => Task.FromResult(underWay.IsCompleted), "what is under way ends");
            return await Record.ExceptionAsync(() => underWay);
        }

        public Task KillLibvirtdAsync(string host)
        {
            _killed = true;
            return _lab.KillAsync(Named(host), LabDaemon.Libvirtd, Ct);
        }

        public async Task StartLibvirtdAsync(string host)
        {
            await _lab.StartDaemonAsync(Named(host), LabDaemon.Libvirtd, Ct);
            await EventuallyAsync(async () => await Driver.ListGuestsAsync(host, Ct) is not null, $"{host} can be asked again");
        }

        public async Task KillQemuAsync(string host, Guid guest)
        {
            var name = _guests.Single(one => one.Uuid == guest).Name;
            var answer = await _lab.EnterAsync(
                Named(host), ["sh", "-c", $"pid=$(cat /run/libvirt/qemu/{name}.pid) && kill -KILL \"$pid\""], Ct);
            Assert.True(answer.Succeeded, answer.Error);
        }

        // Only between the two: the cable of a host would cut the driver off as well.
        public async Task CutLinkAsync()
        {
            _cut = true;
            await RouteAsync("add");
        }

        public async Task HealLinkAsync()
        {
            await RouteAsync("del");
            _cut = false;
        }

        public async Task BreakStreamsAsync()
        {
            var answer = await _lab.EnterAsync(
                _lab.HostA, ["ss", "-K", "-t", "dst", _lab.HostB.Address, "and", "dport", "ge", ":49152"], CancellationToken.None);
            Assert.True(answer.Succeeded, answer.Error);
        }

        public async ValueTask DisposeAsync()
        {
            if (_cut) await HealLinkAsync();
            if (_killed) await _lab.MendAsync(CancellationToken.None);
            foreach (var guest in _guests)
            {
                await guest.StopAsync(CancellationToken.None);
            }
        }

        private async Task RouteAsync(string verb)
        {
            var answer = await _lab.EnterAsync(
                _lab.HostA, ["ip", "route", verb, "blackhole", _lab.HostB.Address], CancellationToken.None);
            Assert.True(answer.Succeeded, answer.Error);
        }

        private LabHost Named(string host) => _lab.Hosts.Single(one => one.Name == host);
    }
}
