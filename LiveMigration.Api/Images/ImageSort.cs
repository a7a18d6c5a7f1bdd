using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary>The order of Glance's list: keys and directions in its old or its new way; at last the newest first.</summary>
internal static class ImageSort
{
    private static readonly Dictionary<string, Func<CatalogImage, IComparable>> Keys = new(StringComparer.Ordinal)
    {
        ["name"] = image => image.Name,
        ["status"] = _ => 0,
        ["container_format"] = _ => 0,
        ["disk_format"] = image => image.Format,
        ["size"] = image => image.FileBytes,
        ["id"] = image => image.Id.ToString(),
        ["created_at"] = image => image.ChangedAt,
        ["updated_at"] = image => image.ChangedAt,
    };

    private static readonly Comparer<IComparable> ByLetters = Comparer<IComparable>.Create((one, other) =>
        one is string text && other is string otherText ? string.CompareOrdinal(text, otherText) : one.CompareTo(other));

    /// <summary>Why the order can't be meant; null when it can.</summary>
    public static string? Explain(IQueryCollection query)
    {
        if (query.ContainsKey("sort") && (query.ContainsKey("sort_key") || query.ContainsKey("sort_dir")))
        {
            return "Old and new sorting syntax cannot be combined";
        }

        if (query["sort_dir"].Count > Math.Max(1, query["sort_key"].Count))
        {
            return "Number of sort dirs does not match the number of sort keys";
        }

        var order = Read(query).ToList();
        return order.Find(one => !Keys.ContainsKey(one.Key)) is { Key: not null } unknown
                ? $"Invalid sort key: {unknown.Key}. It must be one of the following: {string.Join(", ", Keys.Keys)}."
            : order.Find(one => one.Direction is not ("asc" or "desc")) is { Key: not null } wrong
                ? $"Invalid sort direction: {wrong.Direction}. It must be one of the following: asc, desc."
            : order.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count() < order.Count ? "A sort key may be given once"
            : null;
    }

    /// <summary>Sorts.</summary>
    public static IEnumerable<CatalogImage> Apply(IEnumerable<CatalogImage> images, IQueryCollection query)
    {
        var order = Read(query).ToList();
        order.AddRange(new[] { ("created_at", "desc"), ("id", "desc") }.Where(last => !order.Exists(one => one.Key == last.Item1)));
        IOrderedEnumerable<CatalogImage>? sorted = null;
        foreach (var (key, direction) in order)
        {
            sorted = (sorted, direction) switch
            {
                (null, "asc") => images.OrderBy(Keys[key], ByLetters),
                (null, _) => images.OrderByDescending(Keys[key], ByLetters),
                (_, "asc") => sorted.ThenBy(Keys[key], ByLetters),
                (_, _) => sorted.ThenByDescending(Keys[key], ByLetters),
            };
        }

        return sorted!;
    }

    private static IEnumerable<(string Key, string Direction)> Read(IQueryCollection query)
    {
        if (query["sort"].LastOrDefault() is { } sort)
        {
            return sort.Split(',').Select(one => one.Trim().Split(':', 2)).Select(pair => (pair[0], pair.Length > 1 ? pair[1] : "desc"));
        }

        var directions = query["sort_dir"].Select(direction => direction ?? "").ToList();
        var first = directions.Count > 0 ? directions[0] : "desc";
        var keys = query["sort_key"].Select(key => key ?? "").DefaultIfEmpty("created_at");
        return keys.Select((key, number) => (key, number < directions.Count ? directions[number] : first));
    }
}
