using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Tests.Support;

/// <summary>Builds small simulated clusters.</summary>
internal sealed class Cluster
{
    /// <summary>What each host has: one that all see, and one of its own.</summary>
    public static readonly IReadOnlyList<string> Folders = ["/srv/shared", "/srv/local"];

    private readonly List<SimulatedHostOptions> _hosts = [];
    private readonly List<SimulatedGuestOptions> _guests = [];
    private readonly List<SimulatedVolume> _volumes = [];

    public static Guid Guest(int number) => new(number, 0x6c6d, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>Hosts that see one shared folder each and have a local one of their own.</summary>
    public static Cluster OfHosts(params string[] names)
    {
        var cluster = new Cluster();
        cluster._hosts.AddRange(names.Select(name => new SimulatedHostOptions(name)
        {
            Folders = [new SimulatedFolder(Folders[0], "nfs"), new SimulatedFolder(Folders[1], $"disk of {name}")],
        }));
        return cluster;
    }

    public Cluster With(string host, Func<SimulatedHostOptions, SimulatedHostOptions> change)
    {
        var index = _hosts.FindIndex(options => options.Name == host);
        _hosts[index] = change(_hosts[index]);
        return this;
    }

    /// <summary>A guest of 256 MiB with a disk on the shared folder.</summary>
    public Cluster WithGuest(int number, string host, Func<SimulatedGuestOptions, SimulatedGuestOptions>? change = null)
    {
        var guest = new SimulatedGuestOptions(Guest(number), host, $"guest-{number}")
        {
            MemoryMiB = 256,
            DirtyMiBps = 4,
            WorkingSetMiB = 32,
            Disks = [Disk("/srv/shared")],
        };
        _guests.Add(change is null ? guest : change(guest));
        return this;
    }

    /// <summary>A volume that lets these hosts in.</summary>
    public Cluster WithVolume(Volume volume, params string[] hosts)
    {
        _volumes.Add(new SimulatedVolume(volume, hosts));
        return this;
    }

    /// <summary>A guest of 256 MiB whose one disk is the volume.</summary>
    public Cluster WithGuestOn(Volume volume, int number, string host) =>
        WithGuest(number, host, guest => guest with { Disks = [Disk(volume)] });

    public static Volume Volume(int number) => new("192.0.2.50:3260", $"iqn.2026-01.org.example:disk-{number}");

    public static GuestDisk Disk(Volume volume, int unit = 1) =>
        new("vda", "network", Path: null, "raw", ReadOnly: false, Shareable: false, "disk", 0, 0)
        {
            Network = new NetworkSource("iscsi", $"{volume.Target}/{unit}", volume.Portal.Split(':')[0], Port: null),
        };

    public static GuestDisk Disk(string folder) =>
        new("vda", "file", $"{folder}/disk.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 64 << 20, 1 << 20);

    public SimulatedCloudOptions Build() => new() { Hosts = _hosts, Guests = _guests, Volumes = _volumes };

    public static implicit operator SimulatedCloudOptions(Cluster cluster) => cluster.Build();
}
