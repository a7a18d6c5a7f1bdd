using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Everything a simulated cloud begins with.</summary>
public sealed record SimulatedCloudOptions
{
    /// <summary>The hosts, in the order in which the driver lists them.</summary>
    public IReadOnlyList<SimulatedHostOptions> Hosts { get; init; } = [];

    /// <summary>The guests that run when the cloud begins.</summary>
    public IReadOnlyList<SimulatedGuestOptions> Guests { get; init; } = [];

    /// <summary>Links that differ from <see cref="DefaultLink"/>.</summary>
    public IReadOnlyList<SimulatedLinkOptions> Links { get; init; } = [];

    /// <summary>Every pair of hosts that <see cref="Links"/> does not name; its host names mean nothing.</summary>
    public SimulatedLinkOptions DefaultLink { get; init; } = new("*", "*");

    /// <summary>The volumes of its storage server, and which hosts they let in.</summary>
    public IReadOnlyList<SimulatedVolume> Volumes { get; init; } = [];

    /// <summary>What a hand-over takes beside sending the last memory: device state, start of the processors.</summary>
    public TimeSpan HandOver { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>From the guest's first instruction at the destination until the source has let go of it.</summary>
    public TimeSpan Confirm { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a cut link stalls a stream before it breaks; libvirt's keep-alive gives up after 30 s.</summary>
    public TimeSpan StreamTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A simulated host.</summary>
/// <param name="Name">Its name, also its own host name.</param>
public sealed record SimulatedHostOptions(string Name)
{
    /// <summary>Physical memory, MiB.</summary>
    public long MemoryMiB { get; init; } = 65_536;

    /// <summary>Physical processors.</summary>
    public int Vcpus { get; init; } = 16;

    /// <summary>libvirt's name of its CPU model.</summary>
    public string CpuModel { get; init; } = "Skylake-Server-IBRS";

    /// <summary>Older models that it can give a guest as well.</summary>
    public IReadOnlyList<string> OlderCpuModels { get; init; } = ["qemu64", "Westmere", "Haswell", "Broadwell"];

    /// <summary>libvirt's names of its CPU features.</summary>
    public IReadOnlyList<string> CpuFeatures { get; init; } = ["aes", "avx", "avx2", "pcid", "rdtscp", "x2apic"];

    /// <summary>QEMU's version: 1,000,000 × major + 1,000 × minor + release.</summary>
    public int QemuVersion { get; init; } = 7_002_000;

    /// <summary>The same sum for libvirt.</summary>
    public int LibvirtVersion { get; init; } = 9_000_000;

    /// <summary>Its folders. Two hosts share a folder when both name the same storage.</summary>
    public IReadOnlyList<SimulatedFolder> Folders { get; init; } = [];

    /// <summary>Size of its own storage, GiB.</summary>
    public long LocalGiB { get; init; } = 500;

    /// <summary>Free space of its own storage, GiB.</summary>
    public long FreeDiskGiB { get; init; } = 400;

    /// <summary>The address that the controller reaches it by.</summary>
    public string HostIp { get; init; } = "192.0.2.1";

    /// <summary>Files that its folders hold from the beginning, by their paths.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Machine types that its QEMU knows; null = all.</summary>
    public IReadOnlyList<string>? Machines { get; init; }

    /// <summary>Its secrets, by <see cref="BoundSecret.Key"/>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Its NUMA cells.</summary>
    public int Cells { get; init; } = 1;

    /// <summary>Free memory in huge pages, MiB, by the size of a page in KiB; 0 stands for the default size.</summary>
    public IReadOnlyDictionary<long, long> FreeHugePagesMiB { get; init; } = new Dictionary<long, long>();

    /// <summary>True when it can emulate a TPM.</summary>
    public bool EmulatesTpm { get; init; }

    /// <summary>Its bridges, cards and networks.</summary>
    public IReadOnlyList<SimulatedBridge> Bridges { get; init; } = [new SimulatedBridge("br0")];

    /// <summary>Its filtering rules.</summary>
    public IReadOnlyList<SimulatedRule> Rules { get; init; } = [];

    /// <summary>What it calls bridges that its peers call something else, by the common name.</summary>
    public IReadOnlyDictionary<string, string> BridgeNames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where screens of guests that arrive are to listen; null leaves that to the guest.</summary>
    public string? GraphicsListen { get; init; }

    /// <summary>What it takes to start a QEMU that waits for a guest.</summary>
    public TimeSpan QemuStart { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>A folder of a host.</summary>
/// <param name="Path">Where the host sees it, without a slash at the end.</param>
/// <param name="Storage">What is behind it; the same word on two hosts means the same files.</param>
public sealed record SimulatedFolder(string Path, string Storage);

/// <summary>A link between two hosts, the same both ways. Transfers that use it at one time share it evenly.</summary>
/// <param name="A">One end.</param>
/// <param name="B">The other.</param>
public sealed record SimulatedLinkOptions(string A, string B)
{
    /// <summary>What it carries, MiB/s.</summary>
    public double BandwidthMiBps { get; init; } = 1_000;

    /// <summary>One way, once; it is added to every hand-over.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.Zero;
}

/// <summary>A simulated guest.</summary>
/// <param name="Uuid">libvirt's UUID.</param>
/// <param name="Host">Where it is.</param>
/// <param name="Name">libvirt's name.</param>
public sealed record SimulatedGuestOptions(Guid Uuid, string Host, string Name)
{
    /// <summary>The title of its definition.</summary>
    public string? Title { get; init; }

    /// <summary>Its memory, MiB.</summary>
    public long MemoryMiB { get; init; } = 1_024;

    /// <summary>Its processors.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>How much of its memory it writes over and over, MiB; null = all of it.</summary>
    public double? WorkingSetMiB { get; init; }

    /// <summary>How fast it writes there, MiB/s.</summary>
    public double DirtyMiBps { get; init; }

    /// <summary>What it is doing when it is added.</summary>
    public GuestState State { get; init; } = GuestState.Running;

    /// <summary>True when its host keeps its definition.</summary>
    public bool Persistent { get; init; } = true;

    /// <summary>The mark that it carries when it is added.</summary>
    public MigrationMark? Mark { get; init; }

    /// <summary>Its disks.</summary>
    public IReadOnlyList<GuestDisk> Disks { get; init; } = [];

    /// <summary>Its network interfaces.</summary>
    public IReadOnlyList<GuestInterface> Interfaces { get; init; } = [];

    /// <summary>Where its screens listen.</summary>
    public IReadOnlyList<string> GraphicsListen { get; init; } = [];

    /// <summary>The <c>cpu</c> element of its live definition.</summary>
    public string? CpuXml { get; init; } = "<cpu mode='custom' match='exact'><model>qemu64</model></cpu>";

    /// <summary>Its machine type.</summary>
    public string Machine { get; init; } = "pc-q35-7.2";

    /// <summary>The domain type.</summary>
    public string VirtType { get; init; } = "kvm";

    /// <summary>Its architecture.</summary>
    public string Arch { get; init; } = "x86_64";

    /// <summary>The path of its QEMU, which every host has.</summary>
    public string? Emulator { get; init; }

    /// <summary>What ties it to its host.</summary>
    public IReadOnlyList<HostBound> Bound { get; init; } = [];
}
