using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract, kept by the simulated cloud.</summary>
public sealed class SimulatedComputeDriverContractTests : ComputeDriverContract
{
    /// <inheritdoc/>
    protected override ValueTask<IContractCluster> StartClusterAsync() => ValueTask.FromResult<IContractCluster>(new Cluster());

    /// <summary>Virtual time passes only while a test waits for something: no test can be too slow for it.</summary>
    private sealed class Cluster : IContractCluster
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
        private readonly FakeTimeProvider _time = new();
        private readonly SimulatedCloud _cloud;
        private int _guests;

        public Cluster()
        {
            _cloud = new SimulatedCloud(
                new SimulatedCloudOptions { Hosts = [Host("a"), Host("b")], DefaultLink = new("*", "*") { BandwidthMiBps = 500 } },
                _time);
            Driver = new SimulatedDriver(_cloud);
        }

        public IComputeDriver Driver { get; }

        public IDiskImages Images => new SimulatedDiskImages(_cloud);

        public string Source => "a";

        public string Destination => "b";

        public string SharedFolder => "/srv/shared";

        public string LocalFolder => "/srv/local";

        public string? CannotKillLibvirtd => null;

        public Task<Guid> StartGuestAsync(long memoryMiB, double dirtyMiBps)
        {
            var guest = new Guid(++_guests, 0x51, 0, new byte[8]);
            _cloud.AddGuest(new SimulatedGuestOptions(guest, Source, $"guest-{_guests}") 
            {
                MemoryMiB = memoryMiB,
                DirtyMiBps = dirtyMiBps,
                Disks = [new("vda", "file", $"/srv/shared/guest-{_guests}.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 64 << 20, 1 << 20)],
            });
            return Task.FromResult(guest);
        }

        public async Task EventuallyAsync(Func<Task<bool>> condition, string what)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!await condition())
            {
                if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail($"never: {what}");
                _time.Advance(Tick);
                await Task.Yield();
            }
        }

        public async Task<Exception?> OutcomeOfAsync(Task underWay)
        {
            await EventuallyAsync(() => Task.FromResult(underWay.IsCompleted), "what is under way ends");
            return await Record.ExceptionAsync(() => Task.WhenAll(underWay));
        }

        public Task KillLibvirtdAsync(string host)
        {
            _cloud.KillLibvirtd(host);
            return Task.CompletedTask;
        }

        public Task StartLibvirtdAsync(string host)
        {
            _cloud.StartLibvirtd(host);
            return Task.CompletedTask;
        }

        public Task KillQemuAsync(string host, Guid guest)
        {
            _cloud.KillQemu(host, guest);
            return Task.CompletedTask;
        }

        public Task CutLinkAsync()
        {
            _cloud.CutLink(Source, Destination);
            return Task.CompletedTask;
        }

        public Task HealLinkAsync()
        {
            _cloud.HealLink(Source, Destination);
            return Task.CompletedTask;
        }

        public Task BreakStreamsAsync()
        {
            _cloud.BreakStream(Source, Destination);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            Assert.Empty(_cloud.Audit());
            _cloud.Dispose();
            return ValueTask.CompletedTask;
        }

        private static SimulatedHostOptions Host(string name) => new(name)
        {
            Folders = [new SimulatedFolder("/srv/shared", "nfs"), new SimulatedFolder("/srv/local", $"disk of {name}")],
        };
    }
}
