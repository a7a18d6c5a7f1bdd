namespace LiveMigration.Core.Model;

/// <summary>A shape that servers can be made in.</summary>
public sealed class Flavor
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The id of the API, chosen by whoever made it.</summary>
    public required string FlavorId { get; init; }

    /// <summary>Its name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>Memory, MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Virtual processors.</summary>
    public required int Vcpus { get; init; }

    /// <summary>The root disk, GiB; 0 = as large as the image.</summary>
    public required int DiskGiB { get; init; }

    /// <summary>A second disk, GiB; kept, not made.</summary>
    public int EphemeralGiB { get; init; }

    /// <summary>Swap, MiB; kept, not made.</summary>
    public int SwapMiB { get; init; }

    /// <summary>Nova's weight of network traffic; kept, not used.</summary>
    public double RxTxFactor { get; init; } = 1;

    /// <summary>False for one that only some projects may use.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>Further wishes, by name.</summary>
    public IReadOnlyDictionary<string, string> ExtraSpecs { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The projects that may use it when it is not public.</summary>
    public IReadOnlyList<string> Projects { get; set; } = [];

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>Concurrency token; counted up with each save.</summary>
    public int Version { get; set; }
}
