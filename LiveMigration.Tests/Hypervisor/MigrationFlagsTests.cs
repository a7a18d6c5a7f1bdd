using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class MigrationFlagsTests
{
    // The numbers are Nova's: 27 plain, 155 with block migration, 32795 with post-copy.
    [Theory]
    [InlineData(false, false, false, 27)]
    [InlineData(false, false, true, 155)]
    [InlineData(false, true, false, 27 + 8192)]
    [InlineData(true, false, false, 32795)]
    [InlineData(true, true, false, 32795)]
    [InlineData(true, true, true, 32795 + 128)]
    public void Flags_are_those_of_Nova(bool postCopy, bool autoConverge, bool disks, uint expected) =>
        Assert.Equal(expected, (uint)MigrationFlags.Of(Request(postCopy, autoConverge, disks ? ["vda"] : [])));

    [Fact]
    public void Synchronous_writes_are_asked_for_only_with_disks_to_copy()
    {
        var request = Request(false, false, ["vda"]) with { SynchronousDiskWrites = true };

        Assert.Equal(155u + (1 << 18), (uint)MigrationFlags.Of(request));
        Assert.Equal(27u, (uint)MigrationFlags.Of(request with { CopyDisks = [] }));
    }

    [Fact]
    public void Parameters_name_bandwidth_address_and_each_disk()
    {
        Libvirt.OrSkip();
        using var parameters = MigrationParameters.Of(
            Request(false, false, ["vda", "vdb"]) with { BandwidthMiBps = 32 }, new HostOptions { MigrationAddress = "fd00::2" });

        Assert.Equal(
            [new("bandwidth", "32"), new("migrate_uri", "tcp://[fd00::2]"), new("migrate_disks", "vda"), new("migrate_disks", "vdb")],
            parameters.Entries());
    }

    [Fact]
    public void Without_an_address_libvirt_chooses()
    {
        Libvirt.OrSkip();
        using var parameters = MigrationParameters.Of(Request(false, false, []), new HostOptions());

        Assert.Equal([new("bandwidth", "0")], parameters.Entries());
    }

    private static TransferRequest Request(bool postCopy, bool autoConverge, IReadOnlyList<string> disks) =>
        new("host-b", 0, postCopy, autoConverge, disks, InitialDowntime: null);
}
