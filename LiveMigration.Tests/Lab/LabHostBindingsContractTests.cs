using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Lab;
using LiveMigration.Tests.Contract;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>The contract, kept by libvirt.</summary>
[Collection(SecondLabTests.Name)]
public sealed class LabHostBindingsContractTests(SecondLabFixture lab) : HostBindingsContract
{
    /// <inheritdoc/>
    protected override async ValueTask<IBindingsScene> StartSceneAsync()
    {
        await lab.ReadyAsync();
        var scene = new Scene(lab);
        await scene.FurnishAsync();
        return scene;
    }

    private sealed class Scene(SecondLabFixture fixture) : IBindingsScene
    {
        private readonly LabCluster _lab = fixture.Cluster;
        private LabGuest? _guest;

        public IHostBindings Bindings { get; } = new LibvirtBindings(fixture.Driver, TimeProvider.System);

        public IComputeDriver Driver => fixture.Driver;

        public string Source => _lab.HostA.Name;

        public string Destination => _lab.HostB.Name;

        public string FileOfBoth => "/var/lib/livemigration/boot/vmlinuz";

        public string FileOfSource => Path.Join(_lab.Description.OnHosts.LocalDir, "only-here");

        public Guid SecretOfDestination { get; } = new(0x5ec, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 1]);

        private string SecretFile => Path.Join(_lab.Description.OnHosts.LocalDir, "secret.xml");

        public async Task FurnishAsync()
        {
            await EnterAsync(_lab.HostA, "touch", FileOfSource);
            await EnterAsync(
                _lab.HostB, "sh", "-c", $"echo \"<secret ephemeral='yes'><uuid>{SecretOfDestination}</uuid></secret>\" >{SecretFile}");
            await EnterAsync(_lab.HostB, [.. Virsh, "secret-define", SecretFile]);
        }

        public async Task<Guid> StartGuestAsync() =>
            (_guest = await fixture.StartGuestAsync(new LabGuestOptions { DirtyMBPerSecond = 0 })).Uuid;

        public Task TakeSnapshotAsync(Guid guest, string name) =>
            EnterAsync(_lab.HostA, [.. Virsh, "snapshot-create-as", $"{guest}", name]);

        public Task DeleteSnapshotAsync(Guid guest, string name) =>
            EnterAsync(_lab.HostA, [.. Virsh, "snapshot-delete", $"{guest}", name]);

        public async ValueTask DisposeAsync()
        {
            await EnterAsync(_lab.HostA, "rm", "-f", FileOfSource);
            await EnterAsync(_lab.HostB, [.. Virsh, "secret-undefine", $"{SecretOfDestination}"]);
            await EnterAsync(_lab.HostB, "rm", "-f", SecretFile);
            if (_guest is not null) await _guest.StopAsync(CancellationToken.None);
        }

        private static string[] Virsh => ["setsid", "--wait", "virsh", "-q", "-c", "qemu:///system"];

        private async Task EnterAsync(LabHost host, params string[] command)
        {
            var answer = await _lab.EnterAsync(host, command, CancellationToken.None);
            Assert.True(answer.Succeeded, answer.Error);
        }
    }
}
