using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Contract;

/// <summary>A host to make guests on, and what is beside the builder.</summary>
/// <param name="Builder">The builder under test.</param>
/// <param name="Driver">Sees what became of it.</param>
/// <param name="Images">Sees the files.</param>
/// <param name="Host">The host.</param>
/// <param name="Folder">A folder of it.</param>
public sealed record BuilderScene(IGuestBuilder Builder, IComputeDriver Driver, IDiskImages Images, string Host, string Folder);

/// <summary>What every <see cref="IGuestBuilder"/> does, simulated or real.</summary>
public abstract class GuestBuilderContract
{
    private const int DiskBytes = 1 << 20;
    private static readonly RandomIdSource _ids = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A scene for one test.</summary>
    protected abstract Task<BuilderScene> SetAsync();

    [Fact]
    public async Task A_guest_is_made_and_removed_however_often_it_is_said()
    {
        var (builder, driver, images, host, folder) = await SetAsync();
        var plan = Plan(folder);
        using var source = new SourceFile(DiskBytes);
        var file = new NewGuestFile(plan.DiskPath, source.File, 2 * DiskBytes);
        try
        {
            await builder.WriteFileAsync(host, file, Ct);
            await builder.WriteFileAsync(host, file, Ct);
            Assert.NotNull(await images.FindAsync(host, plan.DiskPath, Ct));

            await builder.DefineAsync(host, plan, Ct);
            await builder.DefineAsync(host, plan, Ct);
            var defined = await driver.FindGuestAsync(host, plan.Uuid, Ct);
            Assert.Equal((GuestState.Off, true, plan.Name, plan.MemoryMiB, plan.Vcpus), (defined!.State, defined.Persistent, defined.Name, defined.MemoryMiB, defined.Vcpus));
            Assert.Equal(plan.Name, await images.RemoveAsync(host, plan.DiskPath, Ct));

            await builder.StartAsync(host, plan.Uuid, Ct);
            await builder.StartAsync(host, plan.Uuid, Ct);
            await builder.DefineAsync(host, plan, Ct);
            Assert.Equal(GuestState.Running, (await driver.FindGuestAsync(host, plan.Uuid, Ct))!.State);
            var disk = Assert.Single((await driver.DescribeGuestAsync(host, plan.Uuid, Ct)).Disks);
            Assert.Equal((plan.DiskPath, "raw"), (disk.Path, disk.Format));
        }
        finally
        {
            await builder.RemoveAsync(host, plan.Uuid, Ct);
            await builder.RemoveAsync(host, plan.Uuid, Ct);
        }

        Assert.Null(await driver.FindGuestAsync(host, plan.Uuid, Ct));
        Assert.Null(await images.RemoveAsync(host, plan.DiskPath, Ct));
        Assert.Null(await images.FindAsync(host, plan.DiskPath, Ct));
    }

    [Fact]
    public async Task A_guest_has_its_config_drive_as_a_read_only_medium_beside_its_disk()
    {
        var (builder, driver, images, host, folder) = await SetAsync();
        var plan = Plan(folder);
        plan = plan with { ConfigDrivePath = $"{folder}/{plan.Uuid}.config.iso" };
        using var source = new SourceFile(DiskBytes);
        var content = new byte[5000];
        content[4999] = 7;
        var drive = new NewGuestFile(plan.ConfigDrivePath, new FileInMemory(content), DiskBytes: null);
        try
        {
            await builder.WriteFileAsync(host, new NewGuestFile(plan.DiskPath, source.File, DiskBytes), Ct);
            await builder.WriteFileAsync(host, drive, Ct);
            await builder.WriteFileAsync(host, drive, Ct);
            Assert.Equal(content.Length, (await images.FindAsync(host, plan.ConfigDrivePath, Ct))!.FileBytes);

            await builder.DefineAsync(host, plan, Ct);
            await builder.StartAsync(host, plan.Uuid, Ct);

            var disks = (await driver.DescribeGuestAsync(host, plan.Uuid, Ct)).Disks;
            Assert.Equal(
                [(plan.DiskPath, "disk", false), (plan.ConfigDrivePath, "cdrom", true)],
                disks.Select(disk => (disk.Path!, disk.Device, disk.ReadOnly)));
            await Assert.ThrowsAsync<HypervisorRefused>(() => builder.WriteFileAsync(host, drive, Ct));
        }
        finally
        {
            await builder.RemoveAsync(host, plan.Uuid, Ct);
            await images.RemoveAsync(host, plan.DiskPath, Ct);
            Assert.Null(await images.RemoveAsync(host, plan.ConfigDrivePath, Ct));
        }
    }

    [Fact]
    public async Task A_file_that_a_guest_uses_is_not_written_over()
    {
        var (builder, _, images, host, folder) = await SetAsync();
        var plan = Plan(folder);
        using var source = new SourceFile(DiskBytes);
        var file = new NewGuestFile(plan.DiskPath, source.File, DiskBytes);
        await builder.WriteFileAsync(host, file, Ct);
        try
        {
            await builder.DefineAsync(host, plan, Ct);

            await Assert.ThrowsAsync<HypervisorRefused>(() => builder.WriteFileAsync(host, file, Ct));
        }
        finally
        {
            await builder.RemoveAsync(host, plan.Uuid, Ct);
            await images.RemoveAsync(host, plan.DiskPath, Ct);
        }
    }

    [Fact]
    public async Task Without_its_folder_a_file_is_refused()
    {
        var (builder, _, _, host, folder) = await SetAsync();
        using var source = new SourceFile(DiskBytes);

        await Assert.ThrowsAsync<HypervisorRefused>(() => builder.WriteFileAsync(
            host, new NewGuestFile("/no/such/folder/disk.raw", source.File, DiskBytes), Ct));

        Assert.NotEmpty(folder);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_can_be_removed_but_not_started()
    {
        var (builder, _, _, host, _) = await SetAsync();
        await builder.RemoveAsync(host, _ids.NewGuid(), Ct);
        await Assert.ThrowsAsync<GuestNotFound>(() => builder.StartAsync(host, _ids.NewGuid(), Ct));
    }

    private static GuestPlan Plan(string folder)
    {
        var uuid = _ids.NewGuid();
        return new GuestPlan(uuid, $"made-{uuid.ToString("N")[..8]}", "a guest <that> is \"made\"", 128, 1, $"{folder}/{uuid}.raw", "raw", []) { VirtType = "qemu" };
    }

    private sealed class SourceFile : IDisposable
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), $"livemigration-test-{_ids.NewGuid():N}.raw");

        public SourceFile(int bytes)
        {
            System.IO.File.WriteAllBytes(_path, new byte[bytes]);
            File = new FileOfController(_path, bytes);
        }

        public FileOfController File { get; }

        public void Dispose() => System.IO.File.Delete(_path);
    }
}
