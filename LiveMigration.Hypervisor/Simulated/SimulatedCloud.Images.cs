using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>Files with disks: what a driver can ask, and what can go wrong with them.</content>
public sealed partial class SimulatedCloud
{
    private const string NoSpace = "No space left on device";

    /// <summary>The paths of all files with disks that a host sees, in order.</summary>
    public IReadOnlyList<string> ImagesOn(string host) => Within(() => _state.Images.On(HostOf(host)).ToList());

    /// <summary>The names of all other files that a host sees in one of its folders, in order: those it began with and storage probes.</summary>
    public IReadOnlyList<string> FilesOn(string host, string folder) => Within(() => HostOf(host).StorageOf(folder) is { } storage
        ? _state.Files.Where(file => file.Storage == storage).Select(file => file.File).Order(StringComparer.Ordinal).ToList()
        : []);

    /// <summary>A word for what is in a file: the same word is the same content. Null when the host has no such file.</summary>
    public string? ContentOf(string host, string path) => Within(() => _state.Images.Find(HostOf(host), path)?.Content);

    /// <summary>Puts a file onto a host, as somebody with a shell might.</summary>
    public void PutImage(string host, string path, string content, long bytes = 4096) => Within(() =>
        _state.Images.Put(HostOf(host), path, new CloudImage("raw", bytes, bytes, null, ImageDetails.None) { Content = content }));

    /// <summary>Takes all free space of a host's own storage: disks that are being copied to it find none.</summary>
    public void FillDisk(string host) => Within(() =>
    {
        HostOf(host).FreeDiskBytes = 0;
        foreach (var transfer in _state.Transfers.Where(t => t.Destination.Name == host && t.Phase == TransferPhase.DiskCopy).ToList())
            _engine.Fail(transfer, new HypervisorRefused(transfer.Source.Host.Name, $"operation failed: migration of disk vda failed: {NoSpace}"));
    });

    internal static FolderSpace? SpaceOf(CloudHost host, string folder) =>
        host.StorageOf(folder) is null ? null : new FolderSpace(host.Options.LocalGiB << 30, host.FreeDiskBytes);

    internal DiskImage? FindImage(CloudHost host, string path) => _state.Images.Find(host, path) is { } image
        ? new DiskImage(path, image.FileBytes, image.AllocationBytes, image.Details)
        : null;

    internal IReadOnlyList<string> ListImages(CloudHost host, string folder, string prefix) =>
    [
        .. _state.Images.On(host)
            .Where(path => string.Equals(Path.GetDirectoryName(path), folder, StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)),
    ];

    internal void CreateImage(CloudHost host, NewDiskImage image)
    {
        if (host.StorageOf(image.Path) is null)
            throw new HypervisorRefused(host.Name, $"cannot open directory '{Path.GetDirectoryName(image.Path)}': No such file or directory");
        if (image.Backing?.Path is { } backing && _state.Images.Find(host, backing) is null)
            throw new HypervisorRefused(host.Name, $"inaccessible backing store volume {backing}");
        if (_state.Images.Find(host, image.Path) is not null) return;
        var room = image is { HasAllRoom: true, Backing: null } ? image.CapacityBytes : 0;
        if (room > host.FreeDiskBytes) throw new HypervisorRefused(host.Name, $"cannot allocate {room} bytes in file '{image.Path}': {NoSpace}");
        _state.Images.Put(host, image.Path, new CloudImage(image.Format, room, room, image.Backing, image.Details));
        host.FreeDiskBytes -= room;
    }

    internal string? RemoveImage(CloudHost host, string path)
    {
        var user = host.Guests.Values.Select(copy => copy.Guest.Options).FirstOrDefault(guest => guest.Disks.Any(disk =>
            disk.Path == path || disk.Backing.Any(layer => layer.Path == path)));
        if (user is not null) return user.Name;
        if (_state.Images.Find(host, path) is { } image && _state.Images.Remove(host, path)) host.FreeDiskBytes += image.AllocationBytes;
        return null;
    }

    internal CloudImage ReadImage(CloudHost host, string path) => _state.Images.Find(host, path)
        ?? throw new HypervisorRefused(host.Name, $"Storage volume not found: no storage vol with matching path '{path}'");

    internal void WriteImage(CloudHost host, string path, CloudImage image)
    {
        if (_state.Images.Find(host, path) is not null) throw new HypervisorRefused(host.Name, $"storage volume '{path}' exists already");
        if (image.AllocationBytes > host.FreeDiskBytes) throw new HypervisorRefused(host.Name, $"cannot write '{path}': {NoSpace}");
        _state.Images.Put(host, path, image);
        host.FreeDiskBytes -= image.AllocationBytes;
    }
}
