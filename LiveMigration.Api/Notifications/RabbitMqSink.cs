using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Core.Drivers;
using RabbitMQ.Client;

namespace LiveMigration.Api.Notifications;

/// <summary>
/// Publishes each notification as Nova does through oslo.messaging: a topic exchange, a queue per topic and priority, and
/// oslo's envelope around the message, so that whoever reads Nova's reads these. Taken means confirmed by the server.
/// </summary>
internal sealed class RabbitMqSink(RabbitMqSettings settings, string password) : INotificationSink, IAsyncDisposable
{
    private static readonly TimeSpan ConnectionPatience = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private IConnection? _connection;
    private IChannel? _channel;

    public string Name => "rabbitmq";

    public async Task SendAsync(NotificationMessage message, CancellationToken ct)
    {
        try
        {
            var channel = _channel ?? await ConnectAsync(ct);
            var key = RoutingKey(message);
            await DeclareAsync(channel, key, ct);
            var properties = new BasicProperties
            {
                ContentType = "application/json",
                ContentEncoding = "utf-8",
                Persistent = true,
                MessageId = message.MessageId.ToString(),
            };
            await channel.BasicPublishAsync(
                settings.Exchange, key, mandatory: true, properties, Encoding.UTF8.GetBytes(Envelope(message)), ct);
        }
        catch
        {
            // Begun afresh: a channel that the server has closed is of no more use.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        _declared.Clear();
        if (connection is null)
        {
            return;
        }

        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception)
        {
            // It is gone, one way or the other.
        }
    }

    /// <summary>oslo.messaging's envelope, version 2.0: the message is a text inside of it, with its context spread into it.</summary>
    internal static string Envelope(NotificationMessage message)
    {
        var inner = JsonNode.Parse(message.Body)!.AsObject();
        inner["_unique_id"] = message.MessageId.ToString("N");
        inner["_context_request_id"] = message.RequestId;
        return new JsonObject { ["oslo.version"] = "2.0", ["oslo.message"] = inner.ToJsonString(Plain) }.ToJsonString(Plain);
    }

    private string RoutingKey(NotificationMessage message) =>
        $"{(message.Versioned ? settings.VersionedTopic : settings.Topic)}.{message.Priority.ToLowerInvariant()}";

    private async Task<IChannel> ConnectAsync(CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = settings.Url,
            Password = password,
            ClientProvidedName = "livemigration",
            // The dispatcher tries again by itself, with the message that was not confirmed.
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = ConnectionPatience,
        };
        _connection = await factory.CreateConnectionAsync(ct);
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        return _channel;
    }

    /// <summary>As oslo.messaging does: what nobody reads yet waits in a queue.</summary>
    private async Task DeclareAsync(IChannel channel, string key, CancellationToken ct)
    {
        if (!_declared.Add(key))
        {
            return;
        }

        await channel.ExchangeDeclareAsync(settings.Exchange, ExchangeType.Topic, settings.Durable, autoDelete: false, cancellationToken: ct);
        await channel.QueueDeclareAsync(key, settings.Durable, exclusive: false, autoDelete: false, cancellationToken: ct);
        await channel.QueueBindAsync(key, settings.Exchange, key, cancellationToken: ct);
    }
}
