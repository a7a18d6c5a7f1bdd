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
        Assert.Equal(27u + 64 + (1 << 18), (uint)MigrationFlags.Of(request with { CopyWholeDisks = true }));
        Assert.Equal(27u, (uint)MigrationFlags.Of(request with { CopyDisks = [], CopyWholeDisks = true }));
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

    [Fact]
    public void Each_way_to_transfer_has_its_flag()
    {
        var plain = Request(false, false, []);

        Assert.Equal(27u + 4, (uint)MigrationFlags.Of(plain with { Tunnelled = true }));
        Assert.Equal(27u + 65536, (uint)MigrationFlags.Of(plain with { Tls = true }));
        Assert.Equal(27u + 131072, (uint)MigrationFlags.Of(plain with { ParallelConnections = 2 }));
        Assert.Equal(27u + 2048, (uint)MigrationFlags.Of(plain with { Compression = "xbzrle" }));
        Assert.Equal(155u + 65536 + 8192, (uint)MigrationFlags.Of(Request(false, true, ["vda"]) with { Tls = true }));
    }

    [Fact]
    public void A_post_copy_is_resumed_on_the_same_kind_of_stream_and_copies_nothing_anew() => Assert.Equal(
        27u + 32768 + 524288 + 65536,
        (uint)MigrationFlags.Of(Request(true, true, ["vda"]) with { Resume = true, Tls = true, ParallelConnections = 2, Compression = "xbzrle" }));

    [Fact]
    public void Parameters_follow_the_way_to_transfer()
    {
        Libvirt.OrSkip();
        using var parallel = MigrationParameters.Of(
            Request(false, false, []) with { ParallelConnections = 3, Compression = "zstd", MigrationAddress = "192.0.2.7" },
            new HostOptions { MigrationAddress = "192.0.2.1" });
        using var throttled = MigrationParameters.Of(
            Request(false, true, []) with { AutoConvergeInitialPercent = 30, AutoConvergeIncrementPercent = 5 }, new HostOptions());
        using var postCopy = MigrationParameters.Of(Request(true, false, []) with { PostCopyBandwidthMiBps = 9 }, new HostOptions());
        using var tunnelled = MigrationParameters.Of(
            Request(false, false, []) with { Tunnelled = true }, new HostOptions { MigrationAddress = "192.0.2.1" });

        Assert.Equal(
            [new("bandwidth", "0"), new("migrate_uri", "tcp://192.0.2.7"), new("parallel.connections", "3"), new("compression", "zstd")],
            parallel.Entries());
        Assert.Equal(
            [new("bandwidth", "0"), new("auto_converge.initial", "30"), new("auto_converge.increment", "5")], throttled.Entries());
        Assert.Equal([new("bandwidth", "0"), new("bandwidth.postcopy", "9")], postCopy.Entries());
        Assert.Equal([new("bandwidth", "0")], tunnelled.Entries());
    }

    private static TransferRequest Request(bool postCopy, bool autoConverge, IReadOnlyList<string> disks) =>
        new("host-b", 0, postCopy, autoConverge, disks, InitialDowntime: null);
}
