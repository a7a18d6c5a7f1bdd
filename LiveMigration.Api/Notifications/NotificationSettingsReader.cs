using System.Globalization;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Notifications;

/// <summary>Reads and checks what the configuration says of notifications.</summary>
internal static class NotificationSettingsReader
{
    private const string Sinks = "Notifications:Sinks";

    /// <summary>Which are made.</summary>
    /// <exception cref="InvalidSettings">The first that is wrong.</exception>
    public static NotificationSettings Read(IConfiguration configuration)
    {
        var defaults = new NotificationSettings();
        var settings = new NotificationSettings
        {
            Format = Text(configuration, "Notifications:Format") ?? defaults.Format,
            NotifyOnStateChange = Flag(configuration, "Notifications:NotifyOnStateChange", defaults.NotifyOnStateChange),
            KeepHours = Number(configuration, "Notifications:KeepHours", defaults.KeepHours),
            KeepRows = Number(configuration, "Notifications:KeepRows", defaults.KeepRows),
        };
        var result = new NotificationSettingsValidator().Validate(settings);
        return result.IsValid ? settings : throw new InvalidSettings(result.Errors[0].ErrorMessage);
    }

    /// <summary>Where they go.</summary>
    /// <exception cref="InvalidSettings">The first that is wrong.</exception>
    public static SinkSettings ReadSinks(IConfiguration configuration) => new()
    {
        Log = Flag(configuration, $"{Sinks}:Log", otherwise: false),
        Webhook = Webhook(configuration),
        RabbitMq = RabbitMq(configuration),
    };

    private static WebhookSettings? Webhook(IConfiguration configuration)
    {
        const string section = $"{Sinks}:Webhook";
        if (Address(configuration, $"{section}:Url", "http://HOST/PATH or https://HOST/PATH, without a user", ["http", "https"]) is not { } url)
        {
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            throw new InvalidSettings($"{section}:Url names a user or a password; leave it out, the requests are signed with SecretFile.");
        }

        var seconds = Number(configuration, $"{section}:TimeoutSeconds", 5);
        return seconds is >= 1 and <= 25
            ? new WebhookSettings(url, File(configuration, $"{section}:SecretFile"), TimeSpan.FromSeconds(seconds))
            : throw new InvalidSettings($"{section}:TimeoutSeconds is '{seconds}'; allowed: 1 to 25 s.");
    }

    private static RabbitMqSettings? RabbitMq(IConfiguration configuration)
    {
        const string section = $"{Sinks}:RabbitMq";
        if (Address(configuration, $"{section}:Url", "amqp://USER@HOST:PORT/VHOST or amqps://…", ["amqp", "amqps"]) is not { } url)
        {
            return null;
        }

        if (url.UserInfo.Length == 0 || url.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new InvalidSettings($"{section}:Url must name the user and no password: amqp://USER@HOST:PORT/VHOST. The password belongs into PasswordFile.");
        }

        return new RabbitMqSettings(
            url,
            File(configuration, $"{section}:PasswordFile"),
            Text(configuration, $"{section}:Exchange") ?? "nova",
            Text(configuration, $"{section}:Topic") ?? "notifications",
            Text(configuration, $"{section}:VersionedTopic") ?? "versioned_notifications",
            Flag(configuration, $"{section}:Durable", otherwise: false));
    }

    private static Uri? Address(IConfiguration configuration, string key, string allowed, string[] schemes)
    {
        if (Text(configuration, key) is not { } text)
        {
            return null;
        }

        // What was given is not repeated: it may have a password in it.
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0
            ? url
            : throw new InvalidSettings($"{key} is no address of this kind; allowed: {allowed}.");
    }

    private static string File(IConfiguration configuration, string key) =>
        Text(configuration, key) is { } path
            ? Path.GetFullPath(path)
            : throw new InvalidSettings($"{key} is ''; allowed: the path of a file of mode 0600.");

    private static string? Text(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    private static bool Flag(IConfiguration configuration, string key, bool otherwise)
    {
        var text = Text(configuration, key);
        return text is null ? otherwise
            : bool.TryParse(text, out var flag) ? flag
            : throw new InvalidSettings($"{key} is '{text}'; allowed: true or false.");
    }

    private static int Number(IConfiguration configuration, string key, int otherwise)
    {
        var text = Text(configuration, key);
        return text is null ? otherwise
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidSettings($"{key} is '{text}'; allowed: a whole number.");
    }
}
