using LiveMigration.Core.Model;

namespace LiveMigration.Core.Scheduler;

/// <summary>A host as the scheduler sees it at one moment.</summary>
/// <param name="Node">The host's record.</param>
/// <param name="UsedMemoryMiB">Memory of the guests recorded on it and of the claims on it, MiB.</param>
public sealed record HostState(ComputeNode Node, long UsedMemoryMiB)
{
    /// <summary>The aggregates that it is in.</summary>
    public IReadOnlyList<Aggregate> Aggregates { get; init; } = [];

    /// <summary>What may still be promised, MiB, after what the host keeps for itself.</summary>
    public double FreeMemoryMiB(double allocationRatio, long reservedMiB) =>
        ((Node.MemoryMiB - reservedMiB) * allocationRatio) - UsedMemoryMiB;
}
