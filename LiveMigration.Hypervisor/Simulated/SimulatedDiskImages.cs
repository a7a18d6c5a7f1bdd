using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The files of a <see cref="SimulatedCloud"/>, through the eyes of one controller. It holds nothing.</summary>
public sealed class SimulatedDiskImages(SimulatedCloud cloud) : IDiskImages
{
    /// <inheritdoc/>
    public Task<FolderSpace?> FindSpaceAsync(string host, string folder, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.FindSpace, h => SimulatedCloud.SpaceOf(h, folder), ct);

    /// <inheritdoc/>
    public Task<DiskImage?> FindAsync(string host, string path, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.FindImage, h => cloud.FindImage(h, path), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string host, string folder, string prefix, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.ListImages, h => cloud.ListImages(h, folder, prefix), ct);

    /// <inheritdoc/>
    public Task CreateAsync(string host, NewDiskImage image, CancellationToken ct) => cloud.CallAsync(
        host,
        SimulatedOperation.CreateImage,
        h =>
        {
            cloud.CreateImage(h, image);
            return true;
        },
        ct);

    /// <inheritdoc/>
    public Task<string?> RemoveAsync(string host, string path, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.RemoveImage, h => cloud.RemoveImage(h, path), ct);

    /// <inheritdoc/>
    public async Task<string> CopyAsync(string from, string to, string path, CancellationToken ct)
    {
        var image = await cloud.CallAsync(from, SimulatedOperation.ReadImage, h => cloud.ReadImage(h, path), ct);
        return await cloud.CallAsync(
            to,
            SimulatedOperation.WriteImage,
            h =>
            {
                cloud.WriteImage(h, path, image);
                return image.Sum;
            },
            ct);
    }

    /// <inheritdoc/>
    public Task<string> HashAsync(string host, string path, CancellationToken ct) =>
        cloud.CallAsync(host, SimulatedOperation.ReadImage, h => cloud.ReadImage(h, path).Sum, ct);
}
