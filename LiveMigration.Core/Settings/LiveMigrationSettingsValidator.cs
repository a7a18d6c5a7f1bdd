using FluentValidation;

namespace LiveMigration.Core.Settings;

/// <summary>Each message names the setting, its value and what is allowed.</summary>
public sealed class LiveMigrationSettingsValidator : AbstractValidator<LiveMigrationSettings>
{
    /// <summary>The rules.</summary>
    public LiveMigrationSettingsValidator()
    {
        Include(new TransferOptionsValidator(TransferOptionNames.Setting));
        RuleFor(settings => settings).Custom((settings, context) =>
        {
            if (TransferContradictions.Among(settings, TransferOptionNames.Setting) is { } contradiction) context.AddFailure(contradiction);
        });
        Bound(settings => settings.VifPluggingTimeoutSeconds, 0, 86_400, "s, 0 for no wait");
        Bound(settings => settings.PollIntervalMs, 20, 10_000, "ms");
        Bound(settings => settings.MonitorIntervalMs, 100, 60_000, "ms");
        Bound(settings => settings.MaxConcurrentPerSource, 1, 1000, "moves");
        Bound(settings => settings.MaxConcurrentPerDestination, 1, 1000, "moves");
        Bound(settings => settings.MaxConcurrent, 1, 1000, "moves");
        Bound(settings => settings.MigrateMaxRetries, -1, 1000, "further hosts, -1 for all");
        Bound(settings => settings.ReportIntervalSeconds, 1, 60, "s");
        Bound(settings => settings.SweepIntervalSeconds, 5, 3600, "s");
        Bound(settings => settings.AuditIntervalSeconds, 30, 86_400, "s");
        RuleFor(settings => settings.ReservedHostMemoryMiB).InclusiveBetween(0, 1_000_000_000)
            .WithName(nameof(LiveMigrationSettings.ReservedHostMemoryMiB)).WithMessage(Message("0 to 1000000000 MiB"));
        RuleFor(settings => settings.RamAllocationRatio).Must(ratio => ratio is > 0 and <= 16)
            .WithName(nameof(LiveMigrationSettings.RamAllocationRatio)).WithMessage(Message("above 0, at most 16"));
        RuleFor(settings => settings.WaitForVifPlug).Must(wait => wait is "hold" or "slow" or "off")
            .WithName(nameof(LiveMigrationSettings.WaitForVifPlug)).WithMessage(Message("hold, slow or off"));
    }

    private static string Message(string allowed) =>
        $"{LiveMigrationSettings.Section}:{{PropertyName}} is '{{PropertyValue}}'; allowed: {allowed}.";

    private void Bound(System.Linq.Expressions.Expression<Func<LiveMigrationSettings, int>> setting, int from, int to, string unit) =>
        RuleFor(setting).InclusiveBetween(from, to).WithName(Name(setting))
            .WithMessage(Message($"{from} to {to} {unit}"));

    private static string Name(System.Linq.Expressions.Expression<Func<LiveMigrationSettings, int>> setting) =>
        ((System.Linq.Expressions.MemberExpression)setting.Body).Member.Name;
}
