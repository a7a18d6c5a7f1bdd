using System.Globalization;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Settings;

/// <summary>Reads how guests are moved: checks types before they are bound, bounds and contradictions after.</summary>
internal static class TransferSettings
{
    /// <summary>What a host wants otherwise; null when it wants nothing.</summary>
    /// <exception cref="InvalidSettings">It can't be, or not together with what holds for all hosts.</exception>
    public static TransferOverrides? OfHost(IConfigurationSection host, LiveMigrationSettings defaults)
    {
        var section = host.GetSection(LiveMigrationSettings.Section);
        RefuseOtherTypes(section, typeof(TransferOverrides));
        if (section.Get<TransferOverrides>() is not { } overrides)
        {
            return null;
        }

        var inForce = ((TransferOptions)defaults).With(overrides);
        var result = new TransferOptionsValidator(Name).Validate(inForce);
        var fault = result.IsValid ? TransferContradictions.Among(inForce, Name) : result.Errors[0].ErrorMessage;
        return fault is null ? overrides : throw new InvalidSettings(fault);

        string Name(string property) => $"{section.Path}:{property}";
    }

    /// <exception cref="InvalidSettings">A value is not of its setting's type.</exception>
    public static void RefuseOtherTypes(IConfigurationSection section, Type settings)
    {
        foreach (var property in settings.GetProperties())
        {
            if (section[property.Name] is { } text && Refusal(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, text) is { } allowed)
            {
                throw new InvalidSettings($"{section.Path}:{property.Name} is '{text}'; allowed: {allowed}.");
            }
        }
    }

    private static string? Refusal(Type type, string text) => type switch
    {
        _ when type == typeof(bool) => bool.TryParse(text, out _) ? null : "true or false",
        _ when type == typeof(double) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "a number",
        _ when type == typeof(int) =>
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
        _ when type == typeof(long) =>
            long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
        _ => null,
    };
}
