namespace LiveMigration.Core.Drivers;

/// <summary>What a host has of that which a guest is bound to. Only what the guest needs was asked for.</summary>
public sealed record HostOffer
{
    /// <summary>Why the host can't run this machine at all, in libvirt's words; null when it can.</summary>
    public string? MachineRefusal { get; init; }

    /// <summary>Those of the guest's files that exist under the same path.</summary>
    public IReadOnlyCollection<string> Files { get; init; } = [];

    /// <summary>Those of the guest's folders that exist.</summary>
    public IReadOnlyCollection<string> Folders { get; init; } = [];

    /// <summary>Those of the guest's secrets that exist, by <see cref="BoundSecret.Key"/>.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>The numbers of the host's processors.</summary>
    public IReadOnlyCollection<int> Processors { get; init; } = [];

    /// <summary>The numbers of the host's NUMA cells.</summary>
    public IReadOnlyCollection<int> Cells { get; init; } = [];

    /// <summary>Free memory in huge pages, MiB, by the size of a page in KiB; 0 stands for the host's default size.</summary>
    public IReadOnlyDictionary<long, long> FreeHugePagesMiB { get; init; } = new Dictionary<long, long>();

    /// <summary>True when the host can emulate a TPM.</summary>
    public bool EmulatesTpm { get; init; }
}
