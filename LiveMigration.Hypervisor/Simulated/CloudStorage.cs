using LiveMigration.Core.Model;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The storage server of a cloud: its volumes, and which hosts each lets in.</summary>
internal sealed class CloudStorage(IReadOnlyList<SimulatedVolume> volumes)
{
    private readonly Dictionary<Volume, SortedSet<string>> _access = volumes.ToDictionary(
        volume => volume.Volume, volume => new SortedSet<string>(volume.Hosts, StringComparer.Ordinal));

    public bool IsCut { get; set; }

    /// <summary>What must never have been: a guest that lost its volume while it ran.</summary>
    public List<string> Violations { get; } = [];

    public bool Has(Volume volume) => _access.ContainsKey(volume);

    public IReadOnlyCollection<string> HostsOf(Volume volume) => _access[volume];

    public void Open(Volume volume, string host) => _access[volume].Add(host);

    public void Close(Volume volume, CloudHost host)
    {
        if (!_access.TryGetValue(volume, out var access) || !access.Remove(host.Name)) return;
        foreach (var copy in host.Guests.Values.Where(copy => copy.Runs && copy.Guest.Volumes.Contains(volume)))
            Violations.Add($"guest {copy.Guest.Options.Name} lost {volume} while it ran on {host.Name}");
    }

    /// <summary>What QEMU says on a host that a volume does not let in; null when all do.</summary>
    public string? Refusal(CloudGuest guest, CloudHost host) => guest.Volumes
        .Where(volume => Has(volume) && !_access[volume].Contains(host.Name))
        .Select(volume => "internal error: process exited while connecting to monitor: "
            + $"iSCSI: Failed to connect to LUN : iscsi_service failed with : Target not found(515) ({volume.Target})")
        .FirstOrDefault();
}
