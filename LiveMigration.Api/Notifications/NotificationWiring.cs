using LiveMigration.Api.Auth;
using LiveMigration.Api.Hosting;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Notifications;

namespace LiveMigration.Api.Notifications;

/// <summary>Registers the sinks that are configured, and notifications if there is one.</summary>
internal static class NotificationWiring
{
    /// <exception cref="InvalidSettings">The file of a secret can't be used.</exception>
    public static IServiceCollection AddNotificationSinks(this IServiceCollection services, ApiSettings settings)
    {
        var sinks = settings.Sinks;
        if (!sinks.Any)
        {
            return services;
        }

        if (sinks.Log)
        {
            services.AddSingleton<INotificationSink, LogSink>();
        }

        if (sinks.Webhook is { } webhook)
        {
            var secret = SecretFile.ReadText("Notifications:Sinks:Webhook:SecretFile", webhook.SecretFile);
            services.AddSingleton<INotificationSink>(provider => new WebhookSink(webhook, secret, provider.GetRequiredService<TimeProvider>()));
        }

        if (sinks.RabbitMq is { } rabbit)
        {
            var password = SecretFile.ReadText("Notifications:Sinks:RabbitMq:PasswordFile", rabbit.PasswordFile);
            services.AddSingleton<INotificationSink>(_ => new RabbitMqSink(rabbit, password));
        }

        return services.AddNotifications(settings.Notifications).AddBackground<NotificationLoop>();
    }
}
