namespace LiveMigration.Core.Model;

/// <summary>The making of one server: its saga's journal, state and lease.</summary>
public sealed class InstanceBuild
{
    /// <summary>The saga's id.</summary>
    public int Id { get; init; }

    /// <summary>The instance that is to be.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The API request that asked for it; key of the instance action.</summary>
    public required string RequestId { get; init; }

    /// <summary>The saga's name and version that began it; a runner refuses one it does not know.</summary>
    public required string SagaVersion { get; init; }

    /// <summary>The saga's own record, JSON.</summary>
    public required string SagaState { get; set; }

    /// <summary>What the saga intended and saw, line by line, JSON.</summary>
    public string Journal { get; set; } = "[]";

    /// <summary>When its removal was asked for, UTC; it is taken back if it can be.</summary>
    public DateTime? AbortRequestedAt { get; set; }

    /// <summary>Who drives it now; null when nobody does.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when the lease holds without being renewed, UTC.</summary>
    public DateTime? LeaseExpiresAt { get; set; }

    /// <summary>Counts the drivers; a step of an older epoch changes nothing.</summary>
    public int Epoch { get; set; }

    /// <summary>Not to be taken up again before this time, UTC; null means at once.</summary>
    public DateTime? RetryAt { get; set; }

    /// <summary>Why it waits, in one line; null while all is well.</summary>
    public string? Reason { get; set; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it reached its end, UTC.</summary>
    public DateTime? FinishedAt { get; set; }
}
