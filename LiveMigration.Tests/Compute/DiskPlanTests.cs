using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using Xunit;

namespace LiveMigration.Tests.Compute;

public sealed class DiskPlanTests
{
    private static readonly HashSet<string> Shared = new(StringComparer.Ordinal) { "/shared" };
    private static readonly GuestDisk Disk = new("vda", "file", "/local/d", "qcow2", ReadOnly: false, Shareable: false, "disk", 100, 10);

    [Fact]
    public void Only_local_writable_disks_are_filled_by_the_move()
    {
        var files = Plan(
            Disk,
            Disk with { Target = "vdb", Path = "/shared/d" },
            Disk with { Target = "vdc", SourceType = "network", Path = null },
            Disk with { Target = "sda", Path = "/local/cd", Format = "raw", ReadOnly = true, Device = "cdrom" },
            Disk with { Target = "sdb", Path = null, ReadOnly = true, Device = "cdrom" });

        Assert.Equal(
            [
                new DiskFile("sda", "/local/cd", "raw", ReadOnly: true, 100, 10),
                new DiskFile("vda", "/local/d", "qcow2", ReadOnly: false, 100, 10),
            ],
            files);
    }

    [Fact]
    public void What_a_disk_rests_on_is_brought_unless_it_is_shared()
    {
        var files = Plan(Disk with { Backing = [new DiskLayer("/local/middle", "qcow2"), new DiskLayer("/shared/base", "raw")] });

        Assert.Equal(
            [
                new DiskFile("vda", "/local/d", "qcow2", ReadOnly: false, 100, 10) { BackingPath = "/local/middle", BackingFormat = "qcow2" },
                new DiskFile("vda", "/local/middle", "qcow2", ReadOnly: true, 0, 0),
            ],
            files);
    }

    [Fact]
    public void A_shared_disk_whose_base_is_not_shared_needs_its_base() => Assert.Equal(
        [new DiskFile("vda", "/local/base", "raw", ReadOnly: true, 0, 0)],
        Plan(Disk with { Path = "/shared/d", Backing = [new DiskLayer("/local/base", "raw")] }));

    [Fact]
    public void A_base_that_two_disks_rest_on_is_brought_once() => Assert.Single(
        Plan(Based("vda", "/local/1"), Based("vdb", "/local/2")), file => file.ReadOnly);

    public static TheoryData<string, GuestDisk> Impossible() => new()
    {
        { "block device vda (/dev/x)", Disk with { SourceType = "block", Path = "/dev/x" } },
        { "vda (/local/d) is shared by several guests", Disk with { Shareable = true } },
        { "vda (/local/d) is encrypted", Disk with { Encrypted = true } },
        { "vda (/local/d) has the format vdi", Disk with { Format = "vdi" } },
        { "vda (/local/d) rests on an image that is no file", Disk with { Backing = [new DiskLayer(null, "raw")] } },
        { "no folder /gone for vda (/gone/d)", Disk with { Path = "/gone/d" } },
        { "no folder /gone for vda (/local/d)", Disk with { Backing = [new DiskLayer("/gone/base", "raw")] } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_can_not_be_brought_is_refused_by_its_name(string reason, GuestDisk disk) =>
        Assert.Contains(reason, Assert.Throws<MigrationPreCheckError>(() => Plan(disk)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_mark_tells_its_migration_and_its_file()
    {
        var migration = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);
        var file = Plan(Disk)[0];
        var mark = DiskMarks.PathOf(migration, file);

        Assert.Equal([migration], DiskMarks.OwnersOf(file, [Path.GetFileName(mark), "d", ".livemigration-disk-x-d"]));
        Assert.Empty(DiskMarks.OwnersOf(file with { Path = "/local/old-d" }, [Path.GetFileName(mark)]));
        Assert.Empty(DiskMarks.OwnersOf(file, [Path.GetFileName(DiskMarks.PathOf(migration, file with { Path = "/local/old-d" }))]));
    }

    private static GuestDisk Based(string target, string path) =>
        Disk with { Target = target, Path = path, Backing = [new DiskLayer("/local/base", "raw")] };

    private static IReadOnlyList<DiskFile> Plan(params GuestDisk[] disks)
    {
        var guest = new GuestDescription(Guid.Empty, "kvm", "x86_64", "q35", null, disks, []);
        return DiskPlan.Of(DiskPlan.NotShared(guest, Shared), Shared, ["/gone"]);
    }
}
