namespace LiveMigration.Core.Model;

/// <summary>Instances that are to be kept together or apart.</summary>
public sealed class ServerGroup
{
    /// <summary>The policy that keeps members on one host.</summary>
    public const string Affinity = "affinity";

    /// <summary>The policy that keeps members on different hosts.</summary>
    public const string AntiAffinity = "anti-affinity";

    /// <summary>The policy that prefers one host.</summary>
    public const string SoftAffinity = "soft-affinity";

    /// <summary>The policy that prefers different hosts.</summary>
    public const string SoftAntiAffinity = "soft-anti-affinity";

    /// <summary>Its id.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>One of the four policies.</summary>
    public required string Policy { get; init; }

    /// <summary>With anti-affinity, how many members may share a host; null for one.</summary>
    public int? MaxServerPerHost { get; init; }

    /// <summary>The project that owns it.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The user that made it.</summary>
    public required string UserId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}

/// <summary>An instance's place in its group; it has one at most.</summary>
public sealed class ServerGroupMember
{
    /// <summary>The instance.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The group.</summary>
    public required Guid GroupUuid { get; init; }
}
