using System.Globalization;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary>
/// Glance's filters of its list: words of its own, operators before values, and for any other parameter the image's
/// property of that name.
/// </summary>
/// <param name="Query">The request's parameters.</param>
/// <param name="Owner">The project that all images belong to.</param>
internal sealed record ImageFilters(IQueryCollection Query, string Owner)
{
    private static readonly string[] HowNotWhat = ["limit", "marker", "sort", "sort_key", "sort_dir", "member_status"];
    private static readonly string[] Texts = ["id", "name", "status", "container_format", "disk_format"];
    private static readonly string[] Times = ["created_at", "updated_at"];
    private static readonly string[] Sizes = ["size_min", "size_max"];
    private static readonly string[] Flags = ["protected", "os_hidden"];
    private static readonly string[] Visibilities = ["community", "public", "private", "shared", "all"];
    private static readonly string[] Comparisons = ["gt", "gte", "lt", "lte", "eq", "neq"];

    /// <summary>Why they can't be meant; null when they can.</summary>
    public string? Explain() => Given().Select(pair => Explain(pair.Key, pair.Value)).OfType<string>().FirstOrDefault();

    /// <summary>The images that are asked for. Those that are hidden are not unless they are asked for; none is.</summary>
    public IEnumerable<CatalogImage> Apply(IEnumerable<CatalogImage> images, Func<CatalogImage, Checksums?> checksums)
    {
        var given = Given().ToList();
        return images.Where(image => given.TrueForAll(pair => Fits(image, pair.Key, pair.Value, checksums)));
    }

    private IEnumerable<KeyValuePair<string, string>> Given() => Query
        .Where(pair => !HowNotWhat.Contains(pair.Key, StringComparer.Ordinal))
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.LastOrDefault() ?? ""));

    private static string? Explain(string key, string value) => key switch
    {
        "visibility" when !Visibilities.Contains(value, StringComparer.Ordinal) => $"Invalid visibility value: {value}",
        _ when Flags.Contains(key, StringComparer.Ordinal) && value.ToUpperInvariant() is not ("TRUE" or "FALSE") =>
            $"Invalid value '{value}' for '{key}' filter. Valid values are 'true' or 'false'.",
        _ when Sizes.Contains(key, StringComparer.Ordinal) && !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) =>
            $"Parameter {key} is not a positive integer",
        _ when Texts.Contains(key, StringComparer.Ordinal) => Split(value) switch
        {
            ("eq", _) => null,
            ("in", var list) => list.Count(character => character == '"') % 2 == 0
                ? null : $"Invalid filter value {list}. The quote is not closed.",
            var (word, _) => $"Unable to filter by unknown operator '{word}'.",
        },
        _ when Times.Contains(key, StringComparer.Ordinal) => ExplainTime(value),
        _ => null,
    };

    private static string? ExplainTime(string value)
    {
        var (word, time) = Split(value);
        return !Comparisons.Contains(word, StringComparer.Ordinal) ? $"Unable to filter by unknown operator '{word}'."
            : Bodies.Query.ParseTime(time) is null ? $"Unable to filter by time {time}: it is not ISO 8601."
            : null;
    }

    // A time has colons of its own.
    private static (string Operator, string Value) Split(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || Bodies.Query.ParseTime(value) is not null ? ("eq", value) : (value[..colon], value[(colon + 1)..]);
    }

    private bool Fits(CatalogImage image, string key, string value, Func<CatalogImage, Checksums?> checksums) => key switch
    {
        "visibility" => value is "public" or "all",
        "protected" or "os_hidden" => value.Equals("false", StringComparison.OrdinalIgnoreCase),
        "size_min" => image.FileBytes >= long.Parse(value, CultureInfo.InvariantCulture),
        "size_max" => image.FileBytes <= long.Parse(value, CultureInfo.InvariantCulture),
        "tag" => false,
        "checksum" => checksums(image)?.Md5 == value,
        "os_hash_value" => checksums(image)?.Sha512 == value,
        _ when Times.Contains(key, StringComparer.Ordinal) => FitsTime(image.ChangedAt, value),
        _ when Texts.Contains(key, StringComparer.Ordinal) => FitsText(Property(image, key), value),
        _ => Property(image, key) == value,
    };

    private static bool FitsText(string? text, string value) => Split(value) switch
    {
        ("in", var list) => Members(list).Contains(text, StringComparer.Ordinal),
        var (_, wanted) => text == wanted,
    };

    // To the second, as it is shown.
    private static bool FitsTime(DateTime time, string value)
    {
        var (word, text) = Split(value);
        var order = (time.Ticks / TimeSpan.TicksPerSecond).CompareTo(Bodies.Query.ParseTime(text)!.Value.Ticks / TimeSpan.TicksPerSecond);
        return word switch
        {
            "gt" => order > 0,
            "gte" => order >= 0,
            "lt" => order < 0,
            "lte" => order <= 0,
            "neq" => order != 0,
            _ => order == 0,
        };
    }

    /// <summary>Between commas; one in quotes belongs to the value.</summary>
    private static IEnumerable<string> Members(string list)
    {
        var (from, quoted) = (0, false);
        for (var at = 0; at <= list.Length; at++)
        {
            if (at == list.Length || (list[at] == ',' && !quoted))
            {
                yield return list[from..at].Trim().Trim('"');
                from = at + 1;
            }
            else if (list[at] == '"')
            {
                quoted = !quoted;
            }
        }
    }

    private string? Property(CatalogImage image, string key) => key switch
    {
        "id" => image.Id.ToString(),
        "name" => image.Name,
        "status" => "active",
        "disk_format" => image.Format,
        "container_format" => "bare",
        "owner" => Owner,
        "min_disk" => image.MinDiskGiB.ToString(CultureInfo.InvariantCulture),
        "min_ram" => image.MinRamMiB.ToString(CultureInfo.InvariantCulture),
        _ => image.Properties.GetValueOrDefault(key),
    };
}
