using System.Net;

namespace LiveMigration.Lab;

/// <summary>A guest as the API shows it.</summary>
/// <param name="Status"><c>ACTIVE</c>, <c>MIGRATING</c>, …</param>
/// <param name="Host">Where it is.</param>
/// <param name="TaskState">What is being done with it.</param>
/// <param name="Progress">How far that is, percent.</param>
public sealed record ServerView(string Status, string? Host, string? TaskState, int? Progress)
{
    /// <summary>Whether it runs there and nothing is being done with it.</summary>
    public bool RestsOn(string host) =>
        string.Equals(Status, "ACTIVE", StringComparison.Ordinal)
        && TaskState is null
        && string.Equals(Host, host, StringComparison.Ordinal);
}

/// <summary>The answer to a request for a move.</summary>
public sealed record MoveAnswer(HttpStatusCode Status, string RequestId, string Body);

/// <summary>A migration as <c>GET /v1/migrations/{id}</c> shows it.</summary>
public sealed record MigrationView(
    int Id,
    Guid Uuid,
    string RequestId,
    string Status,
    string? Reason,
    bool NeedsAttention,
    string SourceCompute,
    string? DestCompute,
    int Progress,
    long? MemoryTotalBytes,
    long? MemoryProcessedBytes,
    long? MemoryRemainingBytes,
    long? DiskProcessedBytes,
    long? TransferMs,
    long? DowntimeMs,
    DateTime? FinishedAt,
    IReadOnlyList<JournalView> Journal)
{
    /// <summary>Whether it ended well.</summary>
    public bool HasCompleted => string.Equals(Status, "completed", StringComparison.Ordinal);

    /// <summary>Whether it ended, well or not.</summary>
    public bool HasEnded => Status is "completed" or "failed" or "error" or "cancelled";
}

/// <summary>A line of a migration's journal.</summary>
public sealed record JournalView(int Sequence, DateTime At, string Step, string Kind, string? Reason, long Epoch);

/// <summary>An event of an instance action.</summary>
public sealed record ActionEventView(string Event, string? Result, string? Host, string? Details);
