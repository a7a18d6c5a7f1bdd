namespace LiveMigration.Api.Notifications;

/// <summary>Where notifications go: section <c>Notifications:Sinks</c>. None given: none are made.</summary>
internal sealed record SinkSettings
{
    /// <summary>Whether they are written to the program's log, a line each.</summary>
    public bool Log { get; init; }

    /// <summary>The web hook, if there is one.</summary>
    public WebhookSettings? Webhook { get; init; }

    /// <summary>The RabbitMQ server, if there is one.</summary>
    public RabbitMqSettings? RabbitMq { get; init; }

    /// <summary>True when there is any.</summary>
    public bool Any => Log || Webhook is not null || RabbitMq is not null;
}

/// <summary>A web hook.</summary>
/// <param name="Url">Where each notification is posted to, http or https.</param>
/// <param name="SecretFile">The file with the key of the signatures.</param>
/// <param name="Timeout">How long an answer may take.</param>
internal sealed record WebhookSettings(Uri Url, string SecretFile, TimeSpan Timeout);

/// <summary>A RabbitMQ server. The names are those that Nova uses by default.</summary>
/// <param name="Url">amqp://USER@HOST:PORT/VHOST or amqps://…, without the password.</param>
/// <param name="PasswordFile">The file with the password.</param>
/// <param name="Exchange">The topic exchange. Nova: control_exchange.</param>
/// <param name="Topic">Of the unversioned family; the priority is added: <c>notifications.info</c>.</param>
/// <param name="VersionedTopic">Of the versioned family.</param>
/// <param name="Durable">Whether exchange and queues outlive a restart of the server. oslo.messaging: amqp_durable_queues.</param>
internal sealed record RabbitMqSettings(Uri Url, string PasswordFile, string Exchange, string Topic, string VersionedTopic, bool Durable);
