using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Model;

/// <summary>The record of one live migration, from the request to its end. Never deleted.</summary>
public sealed class Migration
{
    /// <summary>The integer id of the API.</summary>
    public int Id { get; init; }

    /// <summary>The id of API versions from 2.59 on, and of the mark in the guest.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The instance that is to move.</summary>
    public required Guid InstanceUuid { get; init; }

    /// <summary>The API request that began it; key of the instance action.</summary>
    public required string RequestId { get; init; }

    /// <summary>Where it stands; changed through <see cref="MoveTo"/> only.</summary>
    public MigrationStatus Status { get; private set; } = MigrationStatus.Accepted;

    /// <summary>The host the guest ran on when asked.</summary>
    public required string SourceCompute { get; init; }

    /// <summary>The source's own name, filled once a destination is chosen.</summary>
    public string? SourceNode { get; set; }

    /// <summary>The host it moves to, filled once chosen.</summary>
    public string? DestCompute { get; set; }

    /// <summary>The destination's own name, filled once chosen.</summary>
    public string? DestNode { get; set; }

    /// <summary>Guest memory to send, bytes; null until the first statistics.</summary>
    public long? MemoryTotalBytes { get; set; }

    /// <summary>Guest memory sent so far, bytes; may exceed the total, pages are sent again when dirtied.</summary>
    public long? MemoryProcessedBytes { get; set; }

    /// <summary>Guest memory still to send, bytes.</summary>
    public long? MemoryRemainingBytes { get; set; }

    /// <summary>Disk data to copy, bytes.</summary>
    public long? DiskTotalBytes { get; set; }

    /// <summary>Disk data copied so far, bytes.</summary>
    public long? DiskProcessedBytes { get; set; }

    /// <summary>Disk data still to copy, bytes.</summary>
    public long? DiskRemainingBytes { get; set; }

    /// <summary>Duration of the transfer as libvirt measured it, ms; null until it ended.</summary>
    public long? TransferMs { get; set; }

    /// <summary>How long the guest stood still, as libvirt measured it, ms; null until it ended.</summary>
    public long? DowntimeMs { get; set; }

    /// <summary>Why it failed, was refused or waits, in one line; null while all is well.</summary>
    public string? Reason { get; set; }

    /// <summary>True while it can't go on without help: it is retried, but somebody should look.</summary>
    public bool NeedsAttention { get; set; }

    /// <summary>When an abort was asked for, UTC.</summary>
    public DateTime? AbortRequestedAt { get; set; }

    /// <summary>When completion by force was asked for, UTC.</summary>
    public DateTime? ForceCompleteRequestedAt { get; set; }

    /// <summary>The user that asked for the move.</summary>
    public required string UserId { get; init; }

    /// <summary>The project that the move was asked for in.</summary>
    public required string ProjectId { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>When it reached its end, UTC.</summary>
    public DateTime? FinishedAt { get; set; }

    /// <summary>The saga's name and version that began it; a runner refuses one it does not know.</summary>
    public required string SagaVersion { get; init; }

    /// <summary>The saga's own record, JSON.</summary>
    public required string SagaState { get; set; }

    /// <summary>Who drives it now; null when nobody does.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when the lease holds without being renewed, UTC.</summary>
    public DateTime? LeaseExpiresAt { get; set; }

    /// <summary>Counts the drivers; a step of an older epoch changes nothing.</summary>
    public int Epoch { get; set; }

    /// <summary>Not to be taken up again before this time, UTC; null means at once.</summary>
    public DateTime? RetryAt { get; set; }

    /// <summary>Concurrency token; counted up with each save.</summary>
    public int Version { get; set; }

    /// <summary>Changes the status if the table allows it; the same status again is no change.</summary>
    /// <exception cref="InvalidMigrationTransition">The table has no such step.</exception>
    public void MoveTo(MigrationStatus next, DateTime now)
    {
        if (next == Status)
        {
            return;
        }

        if (!Status.Successors().Contains(next))
        {
            throw new InvalidMigrationTransition(Status, next);
        }

        Status = next;
        UpdatedAt = now;
        if (next.IsTerminal())
        {
            FinishedAt = now;
        }
    }
}
