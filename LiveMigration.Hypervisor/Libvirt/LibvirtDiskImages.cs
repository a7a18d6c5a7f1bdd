using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The port of files with disks over libvirt's storage calls and streams. Nothing is installed on the hosts.</summary>
public sealed class LibvirtDiskImages(LibvirtDriver driver) : IDiskImages
{
    /// <inheritdoc/>
    public Task<FolderSpace?> FindSpaceAsync(string host, string folder, CancellationToken ct) =>
        driver.FoldersOf(host).UseAsync(folder, refresh: true, Space, absent: null, ct);

    /// <inheritdoc/>
    public Task<DiskImage?> FindAsync(string host, string path, CancellationToken ct) => driver.FoldersOf(host).UseAsync(
        Folder(path),
        refresh: true,
        pool => pool.FindVolumeXml(Path.GetFileName(path)) is { } xml ? VolumeXml.Read(xml, path) : null,
        absent: null,
        ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string host, string folder, string prefix, CancellationToken ct) =>
        driver.FoldersOf(host).UseAsync(
            folder,
            refresh: true,
            IReadOnlyList<string> (pool) => [.. pool.ListVolumes().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))],
            absent: [],
            ct);

    /// <inheritdoc/>
    public async Task CreateAsync(string host, NewDiskImage image, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.HasAllRoom)
        {
            // Some file systems give room only by having it written.
            await driver.FoldersOf(host).UseLongAsync(Folder(image.Path), (_, pool) => Make(pool, image), ct);
        }
        else if (!await driver.FoldersOf(host).UseAsync(Folder(image.Path), refresh: true, pool => Make(pool, image), absent: false, ct))
        {
            throw new HypervisorRefused(host, $"there is no folder {Folder(image.Path)}");
        }
    }

    /// <inheritdoc/>
    public async Task<string?> RemoveAsync(string host, string path, CancellationToken ct)
    {
        var name = Path.GetFileName(path);

        // A mark is an empty file of ours, which no guest has for a disk; asking all of them takes longer than removing it.
        if (!name.StartsWith(DiskMarks.Prefix, StringComparison.Ordinal)
            && await driver.ConnectionOf(host).CallAsync(connection => DiskUsers.Find(connection, path), ct) is { } user)
        {
            return user;
        }

        _ = await driver.FoldersOf(host).UseAsync(
            Folder(path),
            refresh: true,
            pool =>
            {
                pool.DeleteVolume(name);
                return true;
            },
            absent: false,
            ct);
        return null;
    }

    /// <inheritdoc/>
    public async Task<string> CopyAsync(string from, string to, string path, CancellationToken ct)
    {
        var original = await FindAsync(from, path, ct) ?? throw new HypervisorRefused(from, $"there is no file {path}");
        var pipe = new BlockPipe();
        using var givenUp = ct.Register(pipe.Abandon);
        var reading = driver.FoldersOf(from).UseLongAsync(Folder(path), (c, pool) => Send(c, pool, path, pipe), ct);
        var writing = driver.FoldersOf(to).UseLongAsync(Folder(path), (c, pool) => Receive(c, pool, original, pipe), ct);
        await Task.WhenAll(Quietly(reading), Quietly(writing));

        // The side that failed tells why; the other one was only told to end.
        if (reading.Exception?.InnerException is BlockPipe.AbandonedException)
            _ = await writing;
        var sum = await reading;
        _ = await writing;
        return sum;
    }

    /// <inheritdoc/>
    public Task<string> HashAsync(string host, string path, CancellationToken ct) => driver.FoldersOf(host).UseLongAsync(
        Folder(path), (connection, pool) => VolumeStream.Read(connection, pool, Path.GetFileName(path), _ => { }), ct);

    private static bool Make(LibvirtPool pool, NewDiskImage image)
    {
        var name = Path.GetFileName(image.Path);
        VolumeXml.Ensure(pool, name, VolumeXml.Write(image, name), VolumeXml.Flags(image));
        return true;
    }

    private static string Send(LibvirtConnection connection, LibvirtPool pool, string path, BlockPipe pipe)
    {
        try
        {
            var sum = VolumeStream.Read(connection, pool, Path.GetFileName(path), pipe.Write);
            pipe.Complete();
            return sum;
        }
        catch
        {
            pipe.Abandon();
            throw;
        }
    }

    private static bool Receive(LibvirtConnection connection, LibvirtPool pool, DiskImage original, BlockPipe pipe)
    {
        var name = Path.GetFileName(original.Path);
        try
        {
            pool.CreateVolume(VolumeXml.Raw(name, original.FileBytes));
            VolumeStream.Write(connection, pool, name, pipe.Read);
            return true;
        }
        catch
        {
            pipe.Abandon();
            throw;
        }
    }

    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static string Folder(string path) => Path.GetDirectoryName(path)!;

    private static FolderSpace? Space(LibvirtPool pool)
    {
        var info = pool.GetInfo();
        return new FolderSpace((long)info.Capacity, (long)info.Available);
    }
}
