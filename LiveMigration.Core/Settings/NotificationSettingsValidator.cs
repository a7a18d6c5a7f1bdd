using FluentValidation;

namespace LiveMigration.Core.Settings;

/// <summary>Each message names the setting, its value and what is allowed.</summary>
public sealed class NotificationSettingsValidator : AbstractValidator<NotificationSettings>
{
    /// <summary>The rules.</summary>
    public NotificationSettingsValidator()
    {
        RuleFor(settings => settings.Format).Must(format => format is "unversioned" or "versioned" or "both")
            .WithMessage(Message("unversioned, versioned or both"));
        RuleFor(settings => settings.KeepHours).InclusiveBetween(1, 8760)
            .WithName(nameof(NotificationSettings.KeepHours)).WithMessage(Message("1 to 8760 h"));
        RuleFor(settings => settings.KeepRows).InclusiveBetween(100, 10_000_000)
            .WithName(nameof(NotificationSettings.KeepRows)).WithMessage(Message("100 to 10000000 notifications"));
    }

    private static string Message(string allowed) =>
        $"{NotificationSettings.Section}:{{PropertyName}} is '{{PropertyValue}}'; allowed: {allowed}.";
}
