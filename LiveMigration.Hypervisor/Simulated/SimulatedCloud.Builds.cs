using System.Security.Cryptography;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>Guests that are made and removed.</content>
public sealed partial class SimulatedCloud
{
    internal void WriteFile(CloudHost host, NewGuestFile file)
    {
        if (host.StorageOf(file.Path) is null)
            throw new HypervisorRefused(host.Name, $"cannot open directory '{Path.GetDirectoryName(file.Path)}': No such file or directory");
        if (RemoveImage(host, file.Path) is { } user)
            throw new HypervisorRefused(host.Name, $"{file.Path} is used by guest {user}");
        WriteImage(host, file.Path, new CloudImage("raw", file.Source.Bytes, file.Source.Bytes, null, ImageDetails.None) { Content = ContentOf(file.Source) });
    }

    internal void Define(CloudHost host, GuestPlan plan)
    {
        if (host.Guests.TryGetValue(plan.Uuid, out var there) && there.State != GuestState.Off) return;
        if (host.Guests.Values.FirstOrDefault(copy => copy.Guest.Options.Name == plan.Name && copy.Guest.Uuid != plan.Uuid) is { } other)
            throw new HypervisorRefused(host.Name, $"operation failed: domain '{plan.Name}' already exists with uuid {other.Guest.Uuid}");
        var guest = _state.Guests[plan.Uuid] = new CloudGuest(OptionsOf(host, plan));
        host.Guests.Remove(plan.Uuid);
        _state.Add(host, guest, GuestState.Off).Persistent = true;
    }

    internal void StartMade(CloudHost host, Guid guest)
    {
        var copy = CopyOf(host.Name, guest);
        if (copy.Runs) return;
        if (copy.Guest.Options.Disks.FirstOrDefault(disk => _state.Images.Find(host, disk.Path!) is null) is { } lost)
            throw new HypervisorRefused(host.Name, $"Cannot access storage file '{lost.Path}': No such file or directory");
        if (copy.Guest.Options.Interfaces.FirstOrDefault(nic => !host.Options.Bridges.Any(bridge => bridge.Name == nic.Source)) is { } nic)
            throw new HypervisorRefused(host.Name, $"Cannot get interface MTU on '{nic.Source}': No such device");
        _state.SetState(copy, GuestState.Running, RunCause.Started);
    }

    internal void RemoveGuest(CloudHost host, Guid guest)
    {
        if (!host.Guests.TryGetValue(guest, out var copy)) return;
        if (copy.Transfer is not null || copy.State is GuestState.Incoming or GuestState.PausedMigrated or GuestState.PausedPostCopy)
            throw new HypervisorRefused(host.Name, $"guest {guest} is {copy.State}: it is being moved");
        _state.Remove(copy, RunCause.Killed);
    }

    // The same word is the same content: of what is in memory that is its checksum.
    private static string ContentOf(GuestFileSource source)
    {
        if (source is FileOfController { Path: var path }) return $"copy of {path}";
        using var content = source.Open();
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static IEnumerable<GuestDisk> DisksOf(GuestPlan plan)
    {
        yield return new GuestDisk("vda", "file", plan.DiskPath, plan.DiskFormat, ReadOnly: false, Shareable: false, "disk", 1 << 20, 1 << 20);
        if (plan.ConfigDrivePath is { } drive)
            yield return new GuestDisk("sda", "file", drive, "raw", ReadOnly: true, Shareable: false, "cdrom", 1 << 19, 1 << 19);
    }

    private static SimulatedGuestOptions OptionsOf(CloudHost host, GuestPlan plan) => new(plan.Uuid, host.Name, plan.Name)
    {
        Title = plan.Title,
        MemoryMiB = plan.MemoryMiB,
        Vcpus = plan.Vcpus,
        State = GuestState.Off,
        DirtyMiBps = 1,
        WorkingSetMiB = Math.Min(16, plan.MemoryMiB),
        Disks = [.. DisksOf(plan)],
        Interfaces = [.. plan.Nics.Select(nic => new GuestInterface(nic.Mac, "bridge", nic.Bridge))],
    };
}
