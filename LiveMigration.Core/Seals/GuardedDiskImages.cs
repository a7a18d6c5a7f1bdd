using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Seals;

/// <summary>The files of hosts that carry our seal.</summary>
internal sealed class GuardedDiskImages(IDiskImages real, HostKeeper keeper) : IDiskImages
{
    public Task<FolderSpace?> FindSpaceAsync(string host, string folder, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.FindSpaceAsync(host, folder, ct), ct);

    public Task<DiskImage?> FindAsync(string host, string path, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.FindAsync(host, path, ct), ct);

    public Task<IReadOnlyList<string>> ListAsync(string host, string folder, string prefix, CancellationToken ct) =>
        keeper.AskAsync(host, () => real.ListAsync(host, folder, prefix, ct), ct);

    public Task CreateAsync(string host, NewDiskImage image, CancellationToken ct) => keeper.ActAsync(host, () => real.CreateAsync(host, image, ct), ct);

    public Task<string?> RemoveAsync(string host, string path, CancellationToken ct) =>
        keeper.ActAsync(host, () => real.RemoveAsync(host, path, ct), ct);

    public async Task<string> CopyAsync(string from, string to, string path, CancellationToken ct)
    {
        await keeper.EnterAsync(from, ct);
        return await keeper.ActAsync(to, () => real.CopyAsync(from, to, path, ct), ct);
    }

    public Task<string> HashAsync(string host, string path, CancellationToken ct) => keeper.AskAsync(host, () => real.HashAsync(host, path, ct), ct);
}
