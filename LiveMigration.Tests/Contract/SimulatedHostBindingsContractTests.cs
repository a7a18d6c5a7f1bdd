using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract, kept by the simulated cloud.</summary>
public sealed class SimulatedHostBindingsContractTests : HostBindingsContract
{
    /// <inheritdoc/>
    protected override ValueTask<IBindingsScene> StartSceneAsync() => ValueTask.FromResult<IBindingsScene>(new Scene());

    private sealed class Scene : IBindingsScene
    {
        private static readonly Guid Guest = new(1, 0x51, 0, new byte[8]);
        private readonly SimulatedCloud _cloud;

        public Scene()
        {
            _cloud = new SimulatedCloud(
                new SimulatedCloudOptions
                {
                    Hosts =
                    [
                        Host("a") with { Files = [FileOfBoth, FileOfSource] },
                        Host("b") with
                        {
                            Files = [FileOfBoth],
                            Secrets = [$"{SecretOfDestination}"],
                            Machines = ["pc-q35-7.2"],
                            FreeHugePagesMiB = new Dictionary<long, long> { [2048] = 0 },
                        },
                    ],
                },
                new FakeTimeProvider());
            Driver = new SimulatedDriver(_cloud);
            Bindings = new SimulatedBindings(_cloud);
        }

        public IHostBindings Bindings { get; }

        public IComputeDriver Driver { get; }

        public string Source => "a";

        public string Destination => "b";

        public string FileOfBoth => "/boot/vmlinuz";

        public string FileOfSource => "/srv/local/only-here";

        public Guid SecretOfDestination { get; } = new(0x5ec, 0, 0, new byte[8]);

        public Task<Guid> StartGuestAsync()
        {
            _cloud.AddGuest(new SimulatedGuestOptions(Guest, Source, "guest") { Bound = [new BoundFile("kernel", FileOfBoth)] });
            return Task.FromResult(Guest);
        }

        public Task TakeSnapshotAsync(Guid guest, string name)
        {
            _cloud.PutInTheWay(guest, new MoveObstacle(ObstacleKind.Snapshot, name));
            return Task.CompletedTask;
        }

        public Task DeleteSnapshotAsync(Guid guest, string name)
        {
            _cloud.ClearTheWay(guest);
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
            Folders = [new SimulatedFolder("/boot", $"boot of {name}"), new SimulatedFolder("/srv/local", $"disk of {name}")],
        };
    }
}
