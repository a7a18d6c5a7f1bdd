using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>A cluster to look around in: what the controller runs on while no hosts are configured.</summary>
public static class SimulatedDemoCluster
{
    private const string Images = "/var/lib/libvirt/images";
    private const string Local = "/var/lib/libvirt/local";

    /// <summary>Three hosts, six guests: most are quick to move, <c>ledger-db</c> writes a lot, <c>archive</c> has a local disk.</summary>
    public static SimulatedCloudOptions Options { get; } = new()
    {
        Hosts =
        [
            Host("alder", 1),
            Host("birch", 2),
            Host("cedar", 3) with { QemuVersion = 8_002_000 },
        ],
        DefaultLink = new SimulatedLinkOptions("*", "*") { BandwidthMiBps = 400, Latency = TimeSpan.FromMilliseconds(1) },
        Guests =
        [
            Guest(1, "alder", "web-frontend", "The shop window", memoryMiB: 2_048, dirtyMiBps: 20),
            Guest(2, "alder", "ledger-db", "The books: writes without end", memoryMiB: 8_192, dirtyMiBps: 350) with { Vcpus = 4 },
            Guest(3, "birch", "mail-relay", "Letters, in and out", memoryMiB: 1_024, dirtyMiBps: 8),
            Guest(4, "birch", "build-runner", "Compiles all day", memoryMiB: 4_096, dirtyMiBps: 120) with { Vcpus = 4 },
            Guest(5, "cedar", "wiki", "What everybody knows", memoryMiB: 2_048, dirtyMiBps: 5),
            Guest(6, "cedar", "archive", "Kept on a disk of its host's own", memoryMiB: 1_024, dirtyMiBps: 2, folder: Local),
        ],
    };

    private static SimulatedHostOptions Host(string name, int number) => new(name)
    {
        HostIp = $"192.0.2.{number}",
        Folders = [new SimulatedFolder(Images, "nfs"), new SimulatedFolder(Local, name)],
    };

    private static SimulatedGuestOptions Guest(
        int number, string host, string name, string title, long memoryMiB, double dirtyMiBps, string folder = Images) =>
        new(new Guid($"5e1f0000-0000-4000-8000-00000000000{number}"), host, name)
        {
            Title = title,
            MemoryMiB = memoryMiB,
            DirtyMiBps = dirtyMiBps,
            WorkingSetMiB = memoryMiB / 4.0,
            Disks =
            [
                new GuestDisk(
                    "vda", "file", $"{folder}/{name}.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 20L << 30, 4L << 30),
            ],
            Interfaces = [new GuestInterface($"52:54:00:00:00:0{number}", "bridge", "br0")],
        };
}
