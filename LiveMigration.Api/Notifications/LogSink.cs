using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Notifications;

/// <summary>Writes each notification into the program's log.</summary>
internal sealed partial class LogSink(ILogger<LogSink> log) : INotificationSink
{
    public string Name => "log";

    public Task SendAsync(NotificationMessage message, CancellationToken ct)
    {
        if (message.Priority == "ERROR")
        {
            Failure(message.EventType, message.MessageId, message.Body);
        }
        else
        {
            Told(message.EventType, message.MessageId, message.Body);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Notification {EventType} {MessageId} {Body}")]
    private partial void Told(string eventType, Guid messageId, string body);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notification {EventType} {MessageId} {Body}")]
    private partial void Failure(string eventType, Guid messageId, string body);
}
