using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>What is bound to a host has a counterpart, or is refused by name and with what helps.</summary>
public sealed class HostBoundPolicyTests
{
    private static readonly HostOffer Everything = new()
    {
        Files = ["/boot/vmlinuz"],
        Folders = ["/var/log"],
        Secrets = ["ceph client", "00000001-0000-0000-0000-000000000000"],
        Processors = [0, 1, 2, 3],
        Cells = [0],
        FreeHugePagesMiB = new Dictionary<long, long> { [0] = 1024, [2048] = 1024 },
        EmulatesTpm = true,
    };

    public static TheoryData<string, HostBound> Needs => new()
    {
        { "b has no file /boot/vmlinuz (kernel)", new BoundFile("kernel", "/boot/vmlinuz") },
        { "b has no folder /var/log (serial 0)", new BoundFolder("serial 0", "/var/log") },
        { "b has no secret ceph client (disk vda)", new BoundSecret("disk vda", null, "ceph", "client") },
        { "b has no secret 00000001-0000-0000-0000-000000000000 (tpm)", new BoundSecret("tpm", new Guid(1, 0, 0, new byte[8]), null, null) },
        { "b has no processor 2, 3 (vcpupin 0)", new BoundProcessors("vcpupin 0", [3, 2]) },
        { "b has no NUMA cell 0 (numatune memory)", new BoundCells("numatune memory", [0]) },
        { "b has 0 MiB free in huge pages of 2048 KiB, 512 MiB are needed", new BoundHugePages("hugepages", 2048, 512) },
        { "b has 0 MiB free in huge pages of its default size, 512 MiB are needed", new BoundHugePages("hugepages", 0, 512) },
        { "b can't emulate tpm", new BoundTpm("tpm") },
    };

    [Theory]
    [MemberData(nameof(Needs))]
    public void What_the_destination_lacks_is_named(string refusal, HostBound element)
    {
        Assert.StartsWith(refusal, Assert.Single(HostBoundPolicy.At("b", With(element), new HostOffer())), StringComparison.Ordinal);
        Assert.Empty(HostBoundPolicy.At("b", With(element), Everything));
    }

    [Fact]
    public void Everything_that_is_lacking_is_told_at_once() => Assert.Equal(
        2, HostBoundPolicy.At("b", With(new BoundFile("kernel", "/k"), new BoundTpm("tpm")), new HostOffer()).Count);

    [Fact]
    public void Without_its_machine_nothing_else_matters() => Assert.Equal(
        ["b can't run machine type pc-q35-9.0 (kvm, x86_64): not supported by emulator"],
        HostBoundPolicy.At("b", With(new BoundTpm("tpm")), new HostOffer { MachineRefusal = "not supported by emulator" }));

    [Fact]
    public void What_exists_on_one_host_alone_goes_nowhere() => Assert.Equal(
        ["hostdev pci 0000:03:00.0 exists on its host alone: Detach it first"],
        HostBoundPolicy.Anywhere(With(new Immovable("hostdev pci 0000:03:00.0", "Detach it first"))));

    [Theory]
    [InlineData(ObstacleKind.Snapshot, "snapshot before-upgrade")]
    [InlineData(ObstacleKind.Checkpoint, "checkpoint before-upgrade")]
    [InlineData(ObstacleKind.BlockJob, "disk before-upgrade")]
    [InlineData(ObstacleKind.Job, "busy (before-upgrade)")]
    [InlineData(ObstacleKind.ManagedSave, "managedsave-remove")]
    public void What_is_in_the_way_is_named(ObstacleKind kind, string words)
    {
        var guest = With() with { Obstacles = [new MoveObstacle(kind, "before-upgrade")] };

        Assert.Contains(words, Assert.Single(HostBoundPolicy.Anywhere(guest)), StringComparison.Ordinal);
    }

    private static GuestBindings With(params HostBound[] elements) => new("kvm", "x86_64", "pc-q35-9.0", null, elements, []);
}
