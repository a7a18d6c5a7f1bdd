namespace LiveMigration.Core.Model;

/// <summary>A power action that was accepted and has not ended: what the instance's task state stands for.</summary>
public sealed class PowerTask
{
    /// <summary>The row's id.</summary>
    public int Id { get; init; }

    /// <summary>The instance.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The request; key of the instance action.</summary>
    public required string RequestId { get; init; }

    /// <summary>What was asked for.</summary>
    public required PowerAction Action { get; init; }

    /// <summary>The host that the guest was on when asked.</summary>
    public required string Host { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the host was first told, UTC; null before.</summary>
    public DateTime? BegunAt { get; set; }
}
