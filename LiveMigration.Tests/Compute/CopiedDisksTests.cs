using LiveMigration.Core.Compute;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Xunit;

namespace LiveMigration.Tests.Compute;

/// <summary>What is removed behind a guest that has moved: one wrong file here is somebody's disk.</summary>
public sealed class CopiedDisksTests
{
    private static readonly Guid Migration = new(1, 0, 0, new byte[8]);
    private static readonly Guid Guest = new(2, 0, 0, new byte[8]);
    private static readonly DiskFile Disk = new("vda", "/local/d", "qcow2", ReadOnly: false, 100, 10);
    private static readonly string Mark = DiskMarks.PathOf(Migration, Disk);
    private readonly Mock<IComputeDriver> _driver = new();
    private readonly Mock<IDiskImages> _images = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_original_goes_once_the_guest_lives_at_the_destination()
    {
        Lives(GuestState.Running);
        Has("b", Mark);

        Assert.True(await RemoveAsync());

        _images.Verify(images => images.RemoveAsync("a", Disk.Path, It.IsAny<CancellationToken>()), Times.Once);
        _images.Verify(images => images.RemoveAsync("b", Mark, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(GuestState.Off)]
    [InlineData(GuestState.Incoming)]
    [InlineData(GuestState.Crashed)]
    public async Task Nothing_goes_while_the_guest_is_not_seen_to_live_there(GuestState? state)
    {
        Lives(state);
        Has("b", Mark);

        Assert.False(await RemoveAsync());

        NothingWasRemoved("a");
    }

    [Fact]
    public async Task A_guest_that_arrived_and_was_shut_down_since_has_left_its_disk_behind_too()
    {
        Lives(GuestState.Off, new MigrationMark(Migration, 1, "a", "b"));
        Has("b", Mark);

        Assert.True(await RemoveAsync());

        _images.Verify(images => images.RemoveAsync("a", Disk.Path, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_source_that_sees_the_destinations_mark_shares_its_folder_and_keeps_the_disk()
    {
        Lives(GuestState.Running);
        Has("b", Mark);
        Has("a", Mark);

        Assert.True(await RemoveAsync());

        NothingWasRemoved("a");
    }

    [Fact]
    public async Task Without_a_mark_nothing_proves_that_the_disk_was_copied()
    {
        Lives(GuestState.Running);

        Assert.True(await RemoveAsync());

        NothingWasRemoved("a");
    }

    [Fact]
    public async Task What_nobody_writes_stays_for_others()
    {
        Lives(GuestState.Running);
        Has("b", Mark);

        Assert.True(await RemoveAsync(Disk with { ReadOnly = true }));

        NothingWasRemoved("a");
    }

    [Fact]
    public async Task A_config_drive_is_the_guests_own_and_goes_with_it()
    {
        var drive = Disk with { Path = $"/local/{Guest}.config.iso", Format = "raw", ReadOnly = true };
        Lives(GuestState.Running);
        Has("b", DiskMarks.PathOf(Migration, drive));

        Assert.True(await RemoveAsync(drive));

        _images.Verify(images => images.RemoveAsync("a", drive.Path, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Another_guests_config_drive_stays()
    {
        var drive = Disk with { Path = $"/local/{Migration}.config.iso", Format = "raw", ReadOnly = true };
        Lives(GuestState.Running);
        Has("b", DiskMarks.PathOf(Migration, drive));

        Assert.True(await RemoveAsync(drive));

        NothingWasRemoved("a");
    }

    private Task<bool> RemoveAsync(DiskFile? file = null) =>
        new CopiedDisks(_driver.Object, _images.Object, NullLogger<CopiedDisks>.Instance)
            .RemoveAtSourceAsync(Migration, Guest, "a", "b", "b", [file ?? Disk], mayBeOff: false, Ct);

    private void Lives(GuestState? state, MigrationMark? mark = null) => _driver
        .Setup(driver => driver.FindGuestAsync("b", Guest, It.IsAny<CancellationToken>()))
        .ReturnsAsync(state is null ? null : new GuestObservation(Guest, "g", state.Value, true, mark, 256, 1, null));

    private void Has(string host, string path) => _images
        .Setup(images => images.FindAsync(host, path, It.IsAny<CancellationToken>()))
        .ReturnsAsync(new DiskImage(path, 0, 0, ImageDetails.None));

    private void NothingWasRemoved(string host) =>
        _images.Verify(images => images.RemoveAsync(host, It.IsAny<string>(), It.IsAny<CancellationToken>()), Times.Never);
}
