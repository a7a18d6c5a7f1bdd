using System.Text.RegularExpressions;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Settings;

/// <summary>Refuses a setting that there is none of: a wrong name silently ignored is a default silently kept.</summary>
internal static partial class UnknownSettings
{
    // What the framework reads by itself, or is handed by the host that starts us in a test.
    private static readonly string[] Framework =
        ["Logging", "Kestrel", "AllowedHosts", "environment", "contentRoot", "applicationName", "hostingStartupAssemblies"];

    /// <exception cref="InvalidSettings">Names it and the nearest that exists.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || Framework.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            var name = Bridge().Replace(Index().Replace(key, ":N"), ":N:Bridges:NAME");
            if (SettingsTable.All.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                || (value.Length == 0 && SettingsTable.All.Any(setting => setting.Name.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))))
            {
                continue;
            }

            if (!key.Contains(':', StringComparison.Ordinal) && Environment.GetEnvironmentVariable(SettingsSource.Prefix + key) is not null)
            {
                // Scripts keep variables of their own under the same prefix.
                continue;
            }

            var nearest = SettingsTable.All.MinBy(setting => Distance(setting.Name, name))!.Name;
            throw new InvalidSettings($"{key} is '{value}', but there is no such setting; the nearest is {nearest}.");
        }
    }

    /// <summary>Levenshtein's distance, upper and lower case taken as one.</summary>
    public static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + substitution);
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[^1];
    }

    [GeneratedRegex(":N:Bridges:[^:]+$", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bridge();

    [GeneratedRegex(@":\d+(?=:|$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();
}
