namespace LiveMigration.Core.Model;

/// <summary>A host of the configuration: compute service and hypervisor in one, as a libvirt host is.</summary>
public sealed class ComputeNode
{
    /// <summary>The integer id of API versions below 2.53.</summary>
    public int Id { get; init; }

    /// <summary>The compute service's id from 2.53 on.</summary>
    public required Guid ServiceUuid { get; init; }

    /// <summary>The hypervisor's id from 2.53 on.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name in the configuration, Nova's <c>host</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The host's own name as libvirt tells it; the configured name until it was first seen.</summary>
    public required string HypervisorHostname { get; set; }

    /// <summary>False while an operator keeps it out of the scheduler.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Why it was disabled, 1–255 characters.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>True while an operator holds it to be down whatever it says.</summary>
    public bool ForcedDown { get; set; }

    /// <summary>True while a connection to its libvirtd is open.</summary>
    public bool Connected { get; set; }

    /// <summary>Why it is not connected: libvirt's text of the last failure.</summary>
    public string? ConnectionError { get; set; }

    /// <summary>When it last answered, UTC.</summary>
    public DateTime? LastSeenAt { get; set; }

    /// <summary>False once the host is no longer in the configuration.</summary>
    public bool Configured { get; set; } = true;

    /// <summary>libvirt's driver name, <c>QEMU</c>.</summary>
    public string HypervisorType { get; set; } = "QEMU";

    /// <summary>QEMU's version as one number: 1,000,000 × major + 1,000 × minor + release.</summary>
    public int HypervisorVersion { get; set; }

    /// <summary>The address of the host, as its URI names it.</summary>
    public string HostIp { get; set; } = "";

    /// <summary>Physical memory, MiB.</summary>
    public long MemoryMiB { get; set; }

    /// <summary>Physical processors.</summary>
    public int Vcpus { get; set; }

    /// <summary>Size of the local storage, GiB.</summary>
    public long LocalGiB { get; set; }

    /// <summary>Free local storage, GiB.</summary>
    public long FreeDiskGiB { get; set; }

    /// <summary>The host's CPU as JSON in Nova's shape: arch, model, vendor, topology, features.</summary>
    public string CpuInfoJson { get; set; } = "{}";

    /// <summary>When the host itself was started, UTC, as far as its clock of processor time tells; null when it does not.</summary>
    public DateTime? BootedAt { get; set; }

    /// <summary>When the record was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the record last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>Concurrency token; counted up with each save.</summary>
    public int Version { get; set; }

    /// <summary>Nova's <c>state</c>: true when the host answers and nobody forced it down.</summary>
    public bool IsUp => Connected && !ForcedDown;
}
