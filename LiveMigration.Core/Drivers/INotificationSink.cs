namespace LiveMigration.Core.Drivers;

/// <summary>A place that notifications are handed to, one after the other and in order. Each sink has its own progress.</summary>
public interface INotificationSink
{
    /// <summary>Its durable name, of 1 to 64 characters: under it the progress is kept.</summary>
    string Name { get; }

    /// <summary>
    /// Hands one over; comes back when the other side has it for sure. Whatever it throws, the same message is handed over
    /// again later, so a receiver may get one twice, with the same message id.
    /// </summary>
    Task SendAsync(NotificationMessage message, CancellationToken ct);
}

/// <summary>A notification as it goes out.</summary>
/// <param name="Sequence">Its place among all, growing.</param>
/// <param name="MessageId">The same for every repetition of the same notification.</param>
/// <param name="EventType">Nova's name of it.</param>
/// <param name="Priority"><c>INFO</c> or <c>ERROR</c>.</param>
/// <param name="Versioned">True for Nova's versioned family.</param>
/// <param name="RequestId">The API request that it belongs to.</param>
/// <param name="Body">The envelope as JSON: priority, event_type, timestamp, publisher_id, message_id, payload.</param>
public sealed record NotificationMessage(
    long Sequence, Guid MessageId, string EventType, string Priority, bool Versioned, string RequestId, string Body);
