using System.Security.Cryptography;
using System.Text;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>A file with a disk on some storage.</summary>
internal sealed record CloudImage(string Format, long FileBytes, long AllocationBytes, DiskLayer? Backing, ImageDetails Details)
{
    /// <summary>Stands for what is in it: images of one content are alike.</summary>
    public string Content { get; init; } = "";

    public string Sum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));
}

/// <summary>The files with disks of a whole cloud. Whoever touches it holds the cloud's lock.</summary>
internal sealed class CloudImages
{
    private readonly Dictionary<(string Storage, string Path), CloudImage> _files = [];

    public CloudImage? Find(CloudHost host, string path) =>
        host.StorageOf(path) is { } storage ? _files.GetValueOrDefault((storage, path)) : null;

    /// <summary>The room that a transfer's disks have at its destination already, bytes.</summary>
    public double RoomOf(Transfer transfer) =>
        transfer.CopiedDisks.Sum(disk => Find(transfer.Destination, disk.Path!)?.AllocationBytes ?? 0);

    public void Put(CloudHost host, string path, CloudImage image)
    {
        if (host.StorageOf(path) is { } storage) _files[(storage, path)] = image;
    }

    public bool Remove(CloudHost host, string path) => host.StorageOf(path) is { } storage && _files.Remove((storage, path));

    public IEnumerable<string> On(CloudHost host) =>
        _files.Keys.Where(key => host.StorageOf(key.Path) == key.Storage).Select(key => key.Path).Order(StringComparer.Ordinal);

    /// <summary>A guest that is put into the cloud has its disks there already.</summary>
    public void AddDisksOf(CloudHost host, SimulatedGuestOptions guest)
    {
        foreach (var disk in guest.Disks.Where(disk => disk.SourceType == "file" && disk.Path is not null))
        {
            var below = disk.Backing.Count > 0 ? disk.Backing[0] : null;
            AddIfMissing(host, disk.Path!, disk.Format, disk.AllocationBytes, below);
            foreach (var layer in disk.Backing.Where(layer => layer.Path is not null))
                AddIfMissing(host, layer.Path!, layer.Format, disk.AllocationBytes, null);
        }
    }

    private void AddIfMissing(CloudHost host, string path, string format, long bytes, DiskLayer? backing)
    {
        if (Find(host, path) is null)
            Put(host, path, new CloudImage(format, bytes, bytes, backing, ImageDetails.None) { Content = $"written by {host.Name} to {path}" });
    }
}
