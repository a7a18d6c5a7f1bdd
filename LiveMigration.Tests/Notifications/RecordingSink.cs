using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Tests.Notifications;

/// <summary>A sink that keeps what it is handed, after whatever it was told to do with it.</summary>
internal sealed class RecordingSink(string name = "recorder", Func<NotificationMessage, CancellationToken, Task>? meanwhile = null) : INotificationSink
{
    private readonly ConcurrentQueue<NotificationMessage> _taken = [];

    public string Name => name;

    public IReadOnlyList<NotificationMessage> Taken => [.. _taken];

    public IEnumerable<string> Events => Taken.Select(message => message.EventType);

    public async Task SendAsync(NotificationMessage message, CancellationToken ct)
    {
        if (meanwhile is not null)
        {
            await meanwhile(message, ct);
        }

        _taken.Enqueue(message);
    }

    public JsonObject Envelope(string eventType) => JsonNode.Parse(Taken.First(message => message.EventType == eventType).Body)!.AsObject();

    public JsonObject Payload(string eventType) => Envelope(eventType)["payload"]!.AsObject();
}
