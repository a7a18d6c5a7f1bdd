using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>What keeps a guest from moving is found before anything is touched, and named.</summary>
public sealed class GuestChecksTests
{
    private static readonly Guid Guest = Cluster.Guest(1);

    public static TheoryData<string, HostBound> Lacks => new()
    {
        { "b has no secret ceph client (disk vda). Define it there", new BoundSecret("disk vda", null, "ceph", "client") },
        { "b has no file /srv/local/code.fd (loader). Put it there", new BoundFile("loader", "/srv/local/code.fd") },
        { "b has no folder /var/log/guests (serial 0). Make it there", new BoundFolder("serial 0", "/var/log/guests") },
        { "b has no processor 99 (vcpupin 0). Pin the guest", new BoundProcessors("vcpupin 0", [1, 99]) },
        { "b has no NUMA cell 1 (numatune memory). Bind the guest", new BoundCells("numatune memory", [0, 1]) },
        { "b has 0 MiB free in huge pages of 2048 KiB, 256 MiB are needed", new BoundHugePages("hugepages", 2048, 256) },
        { "b can't emulate tpm. Install swtpm there", new BoundTpm("tpm") },
    };

    [Theory]
    [MemberData(nameof(Lacks))]
    public async Task What_a_destination_lacks_is_refused_by_name(string refusal, HostBound bound)
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with { Bound = [bound] }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains(refusal, migration.Reason, StringComparison.Ordinal);
        await ShouldBeUntouchedAsync(plane);
    }

    [Fact]
    public async Task A_host_that_has_everything_is_taken_instead_of_one_that_does_not()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c")
            .With("b", host => host with { MemoryMiB = 1 << 20 })
            .With("c", Equipped)
            .WithGuest(1, "a", guest => guest with
            {
                Bound =
                [
                    .. Lacks.Select(row => row.Data.Item2).Where(bound => bound is not (BoundProcessors or BoundFolder)),
                    new BoundProcessors("vcpupin 0", [1]),
                ],
            }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal((MigrationStatus.Completed, "c"), (migration.Status, migration.DestCompute));
        await plane.ShouldBeTidyAsync(Guest);
    }

    [Fact]
    public async Task A_destination_without_the_machine_type_is_refused_with_it_named()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").With("b", host => host with { Machines = ["pc-q35-6.0"] }).WithGuest(1, "a"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains("b can't run machine type pc-q35-7.2", migration.Reason, StringComparison.Ordinal);
        await ShouldBeUntouchedAsync(plane);
    }

    [Fact]
    public async Task A_destination_without_a_feature_of_the_processor_is_refused_with_it_named()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a", guest => guest with
        {
            CpuXml = "<cpu mode='custom'><model>Haswell</model><feature policy='require' name='avx512f'/></cpu>",
        }));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b"));

        Assert.Equal(MigrationStatus.Error, migration.Status);
        Assert.Contains("missing features: avx512f", migration.Reason, StringComparison.Ordinal);
        await ShouldBeUntouchedAsync(plane);
    }

    [Fact]
    public async Task A_guest_with_hardware_of_its_host_is_refused_while_the_client_waits()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(
            1, "a", guest => guest with { Bound = [new Immovable("hostdev pci 0000:03:00.0", "it is hardware of that host. Detach it first")] }));

        var refusal = await Assert.ThrowsAsync<MigrationPreCheckError>(() => plane.MigrateAsync(Guest, wait: true));

        Assert.Equal(
            "Migration pre-check error: hostdev pci 0000:03:00.0 exists on its host alone: it is hardware of that host. Detach it first.",
            refusal.Message);
        await ShouldBeUntouchedAsync(plane);
    }

    [Theory]
    [InlineData(ObstacleKind.Snapshot, "the guest has a snapshot nightly, which libvirt does not move. Delete it first")]
    [InlineData(ObstacleKind.Checkpoint, "the guest has a checkpoint nightly")]
    [InlineData(ObstacleKind.BlockJob, "a block job works on disk nightly")]
    [InlineData(ObstacleKind.Job, "the guest is busy (nightly)")]
    [InlineData(ObstacleKind.ManagedSave, "the host keeps a saved state of the guest")]
    public async Task A_guest_that_libvirt_does_not_move_is_refused_until_that_is_over(ObstacleKind kind, string reason)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.PutInTheWay(Guest, new MoveObstacle(kind, "nightly"));

        var refused = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Error, refused.Status);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        await ShouldBeUntouchedAsync(plane);

        plane.Cloud.ClearTheWay(Guest);
        Assert.Equal(MigrationStatus.Completed, (await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest))).Status);
    }

    [Fact]
    public async Task A_snapshot_taken_after_the_checks_fails_the_move_and_the_guest_goes_on()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.HoldAt(TransferPhase.BeforeTransfer);
        plane.Cloud.FailNext("a", SimulatedOperation.Transfer, new HypervisorRefused("a", "cannot migrate domain with 1 snapshots"));

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Equal(MigrationStatus.Failed, migration.Status);
        Assert.Contains("snapshots", migration.Reason, StringComparison.Ordinal);
        Assert.Equal(VmState.Active, (await plane.InstanceAsync(Guest)).VmState);
        await plane.ShouldBeTidyAsync(Guest);
    }

    private static SimulatedHostOptions Equipped(SimulatedHostOptions host) => host with
    {
        Secrets = ["ceph client"],
        Files = ["/srv/local/code.fd"],
        Cells = 2,
        FreeHugePagesMiB = new Dictionary<long, long> { [2048] = 512 },
        EmulatesTpm = true,
    };

    private static async Task ShouldBeUntouchedAsync(ControlPlane plane)
    {
        Assert.DoesNotContain(plane.Cloud.History, line => line.What.StartsWith("transfer", StringComparison.Ordinal));
        Assert.Equal(VmState.Active, (await plane.InstanceAsync(Guest)).VmState);
        await plane.ShouldBeTidyAsync(Guest);
    }
}
