namespace LiveMigration.Core.Model;

/// <summary>Resources promised on a destination; lives exactly as long as its migration is open.</summary>
public sealed class Claim
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The migration that owns it; at most one claim each.</summary>
    public required int MigrationId { get; init; }

    /// <summary>The instance that will need them.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The host that they are promised on.</summary>
    public required string Host { get; init; }

    /// <summary>Memory, MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Virtual processors.</summary>
    public required int Vcpus { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
