using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Networks;

/// <summary>Neutron's way to filter: any key of a document may be asked for, several values of one key are alternatives.</summary>
internal static class NeutronList
{
    // How to show and to page, not what to show.
    private static readonly string[] Others = ["limit", "marker", "page_reverse", "sort_key", "sort_dir"];

    /// <summary>Those that fit the request's parameters, under a key, with the fields that were asked for.</summary>
    public static IResult Answer(HttpContext context, string key, IEnumerable<JsonObject> documents)
    {
        var query = context.Request.Query;
        foreach (var (name, values) in query.Where(pair => pair.Key != "fields" && !Others.Contains(pair.Key, StringComparer.Ordinal)))
        {
            documents = documents.Where(document => document.TryGetPropertyValue(name, out var value)
                ? values.Any(wanted => Word(value).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                : name.Equals("ip_version", StringComparison.Ordinal));
        }

        var fields = query["fields"].OfType<string>().ToList();
        return NovaJson.Ok(new JsonObject { [key] = NovaJson.Array(documents.Select(document => Cut(document, fields))) });
    }

    private static JsonObject Cut(JsonObject document, List<string> fields)
    {
        if (fields.Count > 0)
        {
            foreach (var name in document.Select(pair => pair.Key).Except(fields, StringComparer.Ordinal).ToList())
            {
                document.Remove(name);
            }
        }

        return document;
    }

    private static string Word(JsonNode? value) => value?.ToString() ?? "";
}
