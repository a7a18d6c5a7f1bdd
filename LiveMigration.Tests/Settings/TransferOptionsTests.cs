using LiveMigration.Core.Errors;
using LiveMigration.Core.Settings;
using Xunit;

namespace LiveMigration.Tests.Settings;

/// <summary>What is in force, and what is refused before anything is touched.</summary>
public sealed class TransferOptionsTests
{
    private const int OldQemu = 7_002_000;
    private const int NewQemu = 10_001_000;

    [Fact]
    public void The_request_wins_over_the_source_host_and_that_over_the_settings()
    {
        var defaults = Defaults(
            new LiveMigrationSettings { DowntimeMs = 100, BandwidthMiBps = 100, ParallelConnections = 2 },
            new TransferOverrides { DowntimeMs = 200, BandwidthMiBps = 200 });

        var inForce = defaults.Resolve("a", OldQemu, new TransferOverrides { DowntimeMs = 300 }, copiesDisks: false);

        Assert.Equal((300, 200L, 2), (inForce.DowntimeMs, inForce.BandwidthMiBps, inForce.ParallelConnections));
        Assert.Equal(100, defaults.Of("b").DowntimeMs);
    }

    [Fact]
    public void Every_option_can_be_asked_for_otherwise()
    {
        foreach (var option in typeof(TransferOptions).GetProperties())
        {
            var name = typeof(TransferOverrides).GetProperty(option.Name);
            Assert.True(name is not null, $"{option.Name} can't be overridden");
            object other = option.PropertyType == typeof(bool) ? true
                : option.PropertyType == typeof(string) ? "other"
                : Convert.ChangeType(77, option.PropertyType, provider: null);
            var wanted = new TransferOverrides();
            name.SetValue(wanted, other);

            Assert.Equal(other, option.GetValue(new TransferOptions().With(wanted)));
        }

        Assert.Equal(typeof(TransferOptions).GetProperties().Length, typeof(TransferOverrides).GetProperties().Length);
    }

    public static TheoryData<TransferOverrides, int, string> Contradictions => new()
    {
        { new() { Tunnelled = true, NativeTls = true }, OldQemu, "tunnelled and native_tls exclude each other" },
        { new() { Tunnelled = true, ParallelConnections = 2 }, OldQemu, "tunnelled allows one connection, but parallel_connections is 2" },
        { new() { Tunnelled = true, PermitPostCopy = true }, OldQemu, "tunnelled and permit_post_copy exclude each other" },
        { new() { ParallelConnections = 2, PermitPostCopy = true }, OldQemu, "needs QEMU 10.1.0, the host has 7.2.0" },
        { new() { ParallelConnections = 2, Compression = "xbzrle" }, OldQemu, "compression 'xbzrle' needs a single stream" },
        { new() { ParallelConnections = 2, Compression = "mt" }, OldQemu, "compression 'mt' needs a single stream" },
        { new() { Compression = "zstd" }, OldQemu, "compression 'zstd' needs parallel_connections above 1" },
        { new() { Compression = "mt", PermitPostCopy = true }, OldQemu, "compression 'mt' and permit_post_copy exclude each other" },
        { new() { Compression = "mt" }, NewQemu, "compression 'mt' is no longer known to QEMU 10.1.0" },
        { new() { PermitAutoConverge = true, PermitPostCopy = true }, OldQemu, "permit_auto_converge and permit_post_copy exclude each other" },
        { new() { DowntimeMs = 99 }, OldQemu, "downtime_ms is '99'; allowed: 100 to 3600000 ms." },
        { new() { ParallelConnections = 256 }, OldQemu, "parallel_connections is '256'; allowed: 1 to 255 connections." },
        { new() { TimeoutAction = "pause" }, OldQemu, "timeout_action is 'pause'; allowed: abort or force_complete." },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_does_not_go_together_is_refused_by_both_names(TransferOverrides wanted, int qemu, string words)
    {
        var refused = Assert.Throws<InvalidTransferOptions>(() => Defaults().Resolve("a", qemu, wanted, copiesDisks: false));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<TransferOverrides, int> Good => new()
    {
        { new(), 0 },
        { new() { NativeTls = true, ParallelConnections = 4 }, OldQemu },
        { new() { NativeTls = true, PermitPostCopy = true }, OldQemu },
        { new() { ParallelConnections = 2, PermitPostCopy = true }, NewQemu },
        { new() { ParallelConnections = 2, Compression = "zstd" }, OldQemu },
        { new() { Compression = "xbzrle", PermitPostCopy = true }, OldQemu },
        { new() { Compression = "mt" }, OldQemu },
        { new() { Tunnelled = true, PermitAutoConverge = true }, OldQemu },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void What_goes_together_is_taken(TransferOverrides wanted, int qemu) =>
        Assert.NotNull(Defaults().Resolve("a", qemu, wanted, copiesDisks: false));

    [Fact]
    public void A_tunnelled_stream_copies_no_disks()
    {
        var refused = Assert.Throws<InvalidTransferOptions>(
            () => Defaults().Resolve("a", OldQemu, new TransferOverrides { Tunnelled = true }, copiesDisks: true));
        Assert.Contains("tunnelled moves no disks", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_post_copy_for_all_a_guest_is_not_slowed_down_and_the_record_says_so()
    {
        var defaults = Defaults(new LiveMigrationSettings { PermitPostCopy = true, PermitAutoConverge = true });

        Assert.False(defaults.Resolve("a", OldQemu, requested: null, copiesDisks: false).PermitAutoConverge);
    }

    [Theory]
    [InlineData("BandwidthMiBps", "bandwidth_mibps")]
    [InlineData("DowntimeDelaySecondsPerGiB", "downtime_delay_seconds_per_gib")]
    [InlineData("NativeTls", "native_tls")]
    public void Options_have_a_name_in_the_API(string property, string expected) =>
        Assert.Equal(expected, TransferOptionNames.Request(property));

    private static TransferDefaults Defaults(LiveMigrationSettings? settings = null, TransferOverrides? ofHostA = null) => new(
        settings ?? new LiveMigrationSettings(),
        ofHostA is null
            ? HostTransferOverrides.None
            : new HostTransferOverrides(new Dictionary<string, TransferOverrides>(StringComparer.Ordinal) { ["a"] = ofHostA }));
}
