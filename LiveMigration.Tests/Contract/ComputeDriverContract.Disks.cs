using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <content>What every <see cref="IDiskImages"/> does.</content>
public abstract partial class ComputeDriverContract
{
    private IDiskImages Images => Cluster.Images;

    [Fact]
    public async Task An_image_and_what_it_rests_on_are_made_found_and_removed_and_each_may_be_done_twice()
    {
        var (below, above) = ($"{Cluster.LocalFolder}/.contract-base", $"{Cluster.LocalFolder}/.contract-top");
        var top = new NewDiskImage(above, "qcow2", 8 << 20, new DiskLayer(below, "qcow2"), ImageDetails.None);
        await Images.CreateAsync(Destination, top with { Path = below, Backing = null }, Ct);
        await Images.CreateAsync(Destination, top, Ct);
        await Images.CreateAsync(Destination, top, Ct);

        Assert.InRange((await Images.FindAsync(Destination, above, Ct))!.AllocationBytes, 0, 1 << 20);
        Assert.Null(await Images.FindAsync(Source, above, Ct));
        Assert.Equal(
            [".contract-base", ".contract-top"],
            (await Images.ListAsync(Destination, Cluster.LocalFolder, ".contract-", Ct)).Order(StringComparer.Ordinal));

        foreach (var path in new[] { above, below, above })
        {
            Assert.Null(await Images.RemoveAsync(Destination, path, Ct));
            Assert.Null(await Images.FindAsync(Destination, path, Ct));
        }
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("raw")]
    public async Task An_image_that_is_to_have_all_its_room_has_it_from_the_beginning(string format)
    {
        var path = $"{Cluster.LocalFolder}/.contract-room-{format}";

        await Images.CreateAsync(Source, new NewDiskImage(path, format, 8 << 20, Backing: null, ImageDetails.None) { HasAllRoom = true }, Ct);

        Assert.InRange((await Images.FindAsync(Source, path, Ct))!.AllocationBytes, 8 << 20, 9 << 20);
        Assert.Null(await Images.RemoveAsync(Source, path, Ct));
    }

    [Fact]
    public async Task A_file_is_copied_whole_and_never_over_another()
    {
        var path = $"{Cluster.LocalFolder}/.contract-copy";
        await Images.CreateAsync(Source, new NewDiskImage(path, "qcow2", 1 << 20, Backing: null, ImageDetails.None), Ct);

        var sum = await Images.CopyAsync(Source, Destination, path, Ct);

        Assert.Equal(sum, await Images.HashAsync(Source, path, Ct));
        Assert.Equal(sum, await Images.HashAsync(Destination, path, Ct));
        Assert.Equal(
            (await Images.FindAsync(Source, path, Ct))!.FileBytes, (await Images.FindAsync(Destination, path, Ct))!.FileBytes);
        await Assert.ThrowsAsync<HypervisorRefused>(() => Images.CopyAsync(Source, Destination, path, Ct));
        Assert.Equal(sum, await Images.HashAsync(Destination, path, Ct));
        await Images.RemoveAsync(Source, path, Ct);
        await Images.RemoveAsync(Destination, path, Ct);
    }

    [Fact]
    public async Task A_file_that_a_guest_uses_is_not_removed()
    {
        var guest = await Cluster.StartGuestAsync(MemoryMiB, CalmMiBps);
        var path = (await Driver.DescribeGuestAsync(Source, guest, Ct)).Disks[0].Path!;

        Assert.NotNull(await Images.RemoveAsync(Source, path, Ct));

        Assert.NotNull(await Images.FindAsync(Source, path, Ct));
    }

    [Fact]
    public async Task A_missing_folder_has_no_room_and_no_files()
    {
        const string folder = "/no/such/folder";
        Assert.Null(await Images.FindSpaceAsync(Source, folder, Ct));
        Assert.Null(await Images.FindAsync(Source, $"{folder}/x", Ct));
        Assert.Empty(await Images.ListAsync(Source, folder, "", Ct));
        Assert.Null(await Images.RemoveAsync(Source, $"{folder}/x", Ct));
        await Assert.ThrowsAsync<HypervisorRefused>(
            () => Images.CreateAsync(Source, new NewDiskImage($"{folder}/x", "raw", 0, Backing: null, ImageDetails.None), Ct));

        var space = await Images.FindSpaceAsync(Source, Cluster.LocalFolder, Ct);
        Assert.InRange(space!.AvailableBytes, 1, space.CapacityBytes);
    }
}
