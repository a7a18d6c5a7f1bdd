using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;

namespace LiveMigration.Api.Networks;

/// <summary>A page of one of Neutron's lists, and the links to the pages before and behind it.</summary>
/// <param name="Documents">What is on it.</param>
/// <param name="Links">The links; none where no limit was asked for.</param>
internal sealed record NeutronPage(IReadOnlyList<JsonObject> Documents, JsonArray Links)
{
    private static readonly Comparer<JsonNode?> ByValue = Comparer<JsonNode?>.Create((one, other) =>
        one?.GetValueKind() == JsonValueKind.Number && other?.GetValueKind() == JsonValueKind.Number
            ? one.GetValue<int>().CompareTo(other.GetValue<int>())
            : string.CompareOrdinal(NeutronList.Word(one), NeutronList.Word(other)));

    /// <summary>What Neutron answers to an order or a limit that can't be meant; null when they can.</summary>
    public static IResult? Explain(IQueryCollection query, NeutronList list)
    {
        var (keys, directions) = (query["sort_key"].OfType<string>().ToList(), query["sort_dir"].OfType<string>().ToList());
        if (query["limit"].LastOrDefault() is { } limit && ReadLimit(limit) is null)
        {
            return NeutronFault.BadRequest("BadRequest", $"Bad limit request: Limit must be an integer 0 or greater and not '{limit}'.");
        }

        var unknown = keys.Except(list.SortKeys, StringComparer.Ordinal).ToList();
        var wrong = directions.Where(direction => direction is not ("asc" or "desc")).ToList();
        return keys.Count != directions.Count ? BadSort("The number of sort_keys and sort_dirs must be same")
            : unknown.Count > 0 ? BadSort($"{Quote(unknown)} is invalid attribute for sort_keys")
            : wrong.Count > 0 ? BadSort($"{Quote(wrong)} is invalid value for sort_dirs, valid value is 'asc' and 'desc'")
            : null;
    }

    /// <summary>The page that was asked for; null when its marker is not in the list.</summary>
    public static NeutronPage? Of(HttpContext context, IEnumerable<JsonObject> documents)
    {
        var query = context.Request.Query;
        if (query["limit"].LastOrDefault() is not { } text || ReadLimit(text) is not (> 0 and var limit))
        {
            // Neutron heeds a marker only together with a limit.
            return new NeutronPage(query.ContainsKey("sort_key") ? Sorted(documents, query) : [.. documents], []);
        }

        var sorted = Sorted(documents, query);

        var isReverse = query["page_reverse"].LastOrDefault() is { } word && word.ToUpperInvariant() is "TRUE" or "1";
        if (query["marker"].LastOrDefault() is not { Length: > 0 } marker)
        {
            return Cut(context, isReverse ? [.. sorted.TakeLast(limit)] : [.. sorted.Take(limit)], limit, isReverse);
        }

        var place = sorted.FindIndex(document => NeutronList.Word(document["id"]).Equals(marker, StringComparison.Ordinal));
        return place < 0 ? null
            : Cut(context, isReverse ? [.. sorted.Take(place).TakeLast(limit)] : [.. sorted.Skip(place + 1).Take(limit)], limit, isReverse);
    }

    private static NeutronPage Cut(HttpContext context, IReadOnlyList<JsonObject> page, int limit, bool isReverse)
    {
        JsonArray links = [];
        if (page.Count > 0 && (page.Count == limit || isReverse))
        {
            links.Add(Link(context, "next", NeutronList.Word(page[^1]["id"])));
        }

        if (page.Count > 0 && (page.Count == limit || !isReverse))
        {
            links.Add(Link(context, "previous", NeutronList.Word(page[0]["id"])));
        }

        return new NeutronPage(page, links);
    }

    private static JsonObject Link(HttpContext context, string rel, string marker)
    {
        var parameters = context.Request.Query
            .Where(pair => pair.Key is not ("marker" or "page_reverse"))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))
            .Append(KeyValuePair.Create("marker", marker))
            .Concat(rel is "previous" ? [KeyValuePair.Create("page_reverse", "True")] : [])
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}");
        return new JsonObject { ["rel"] = rel, ["href"] = $"{Bodies.Links.Origin(context)}{context.Nova().OriginalPath}?{string.Join('&', parameters)}" };
    }

    // By the keys that were asked for and at last by id, for pages must not change between two requests.
    private static List<JsonObject> Sorted(IEnumerable<JsonObject> documents, IQueryCollection query)
    {
        var (keys, directions) = (query["sort_key"].OfType<string>().ToList(), query["sort_dir"].OfType<string>().ToList());
        IOrderedEnumerable<JsonObject>? sorted = null;
        foreach (var (key, direction) in keys.Zip(directions).Append(("id", "asc")))
        {
            sorted = (sorted, direction) switch
            {
                (null, "asc") => documents.OrderBy(document => document[key], ByValue),
                (null, _) => documents.OrderByDescending(document => document[key], ByValue),
                (_, "asc") => sorted.ThenBy(document => document[key], ByValue),
                (_, _) => sorted.ThenByDescending(document => document[key], ByValue),
            };
        }

        return [.. sorted!];
    }

    private static int? ReadLimit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;

    private static IResult BadSort(string message) => NeutronFault.BadRequest("HTTPBadRequest", message);

    private static string Quote(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(PythonText.Repr))}]";
}
