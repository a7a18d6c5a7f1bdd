namespace LiveMigration.Core.Model;

/// <summary>A notification in the outbox: kept until every sink has it, or until it is too old to be kept.</summary>
public sealed class OutgoingNotification
{
    /// <summary>The row's id: the order in which notifications go out.</summary>
    public long Id { get; init; }

    /// <summary>The same for every repetition of the same notification.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Nova's name of it.</summary>
    public required string EventType { get; init; }

    /// <summary><c>INFO</c> or <c>ERROR</c>.</summary>
    public required string Priority { get; init; }

    /// <summary>True for Nova's versioned family.</summary>
    public required bool Versioned { get; init; }

    /// <summary>The API request that it belongs to.</summary>
    public required string RequestId { get; init; }

    /// <summary>The envelope as JSON.</summary>
    public required string Body { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}
