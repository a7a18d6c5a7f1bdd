namespace LiveMigration.Core.Drivers;

/// <summary>What a host is and has, as it says itself.</summary>
/// <param name="Hostname">Its own name.</param>
/// <param name="HypervisorType">libvirt's driver name, <c>QEMU</c>.</param>
/// <param name="HypervisorVersion">1,000,000 × major + 1,000 × minor + release.</param>
/// <param name="LibvirtVersion">The same sum for libvirt.</param>
/// <param name="MemoryMiB">Physical memory, MiB.</param>
/// <param name="Vcpus">Physical processors.</param>
/// <param name="LocalGiB">Size of its storage pools, GiB.</param>
/// <param name="FreeDiskGiB">Free space of its storage pools, GiB.</param>
/// <param name="HostIp">The address that the controller reaches it by.</param>
/// <param name="Cpu">Its processors.</param>
public sealed record HostFacts(
    string Hostname,
    string HypervisorType,
    int HypervisorVersion,
    int LibvirtVersion,
    long MemoryMiB,
    int Vcpus,
    long LocalGiB,
    long FreeDiskGiB,
    string HostIp,
    HostCpu Cpu)
{
    /// <summary>How long the host runs; null when it does not tell.</summary>
    public TimeSpan? Uptime { get; init; }
}

/// <summary>A host's processors, in the shape of Nova's <c>cpu_info</c>.</summary>
/// <param name="Arch"><c>x86_64</c> for one.</param>
/// <param name="Model">libvirt's name of the model.</param>
/// <param name="Vendor">libvirt's name of the vendor.</param>
/// <param name="Cells">NUMA cells.</param>
/// <param name="Sockets">Sockets a cell.</param>
/// <param name="Cores">Cores a socket.</param>
/// <param name="Threads">Threads a core.</param>
/// <param name="Features">libvirt's names of the features.</param>
public sealed record HostCpu(
    string Arch, string Model, string Vendor, int Cells, int Sockets, int Cores, int Threads, IReadOnlyList<string> Features);
