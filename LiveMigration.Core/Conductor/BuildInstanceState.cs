using System.Text.Json;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Conductor;

/// <summary>What the making of a server knows; stored with every line of its journal.</summary>
public sealed record BuildInstanceState
{
    /// <summary>The instance.</summary>
    public required Guid Instance { get; init; }

    /// <summary>The API request that asked for it.</summary>
    public required string RequestId { get; init; }

    /// <summary>libvirt's name of the guest to be.</summary>
    public required string DomainName { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The image.</summary>
    public required Guid Image { get; init; }

    /// <summary>Memory, MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Processors.</summary>
    public required int Vcpus { get; init; }

    /// <summary>The size of the root disk, bytes.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>The root disk's file on the host.</summary>
    public required string DiskPath { get; init; }

    /// <summary>The kernel's file on the host; null to boot from the disk.</summary>
    public string? KernelPath { get; init; }

    /// <summary>The initramfs's file on the host.</summary>
    public string? InitramfsPath { get; init; }

    /// <summary>The config drive's file on the host; null for none.</summary>
    public string? ConfigDrivePath { get; init; }

    /// <summary>The file on the host that its serial console is written to.</summary>
    public required string ConsolePath { get; init; }

    /// <summary>Its network cards.</summary>
    public IReadOnlyList<InstanceNic> Nics { get; init; } = [];

    /// <summary>The host that was asked for; null for any.</summary>
    public string? RequestedHost { get; init; }

    /// <summary>False to go there without asking the filters.</summary>
    public bool Filtered { get; init; } = true;

    /// <summary>The host that was chosen.</summary>
    public string? Host { get; init; }

    /// <summary>The hosts that it failed on before, with the reasons.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why it is taken back.</summary>
    public string? Failure { get; init; }

    /// <summary>True when it is taken back because the server was removed.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The files that are made for it on its host.</summary>
    public IReadOnlyList<string> Files() => [.. new[] { DiskPath, KernelPath, InitramfsPath, ConfigDrivePath, ConsolePath }.OfType<string>()];

    /// <summary>As it is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>As it was stored.</summary>
    public static BuildInstanceState FromJson(string json) => JsonSerializer.Deserialize<BuildInstanceState>(json)
        ?? throw new InvalidOperationException("The build's record is empty.");
}
