using System.Text.Json.Nodes;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Bodies;

/// <summary>The links in Nova's documents, in the spelling of the request's own path.</summary>
internal static class Links
{
    /// <summary>Where clients find us: as the settings say it, or else the scheme and the host that this client used.</summary>
    public static string Origin(HttpContext context) =>
        context.RequestServices.GetRequiredService<ApiSettings>().PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>The pair <c>self</c> and <c>bookmark</c> of an item.</summary>
    public static JsonArray Of(HttpContext context, string path)
    {
        var nova = context.Nova();
        var project = nova.ProjectInPath is { } id ? "/" + id : "";
        return new JsonArray(
            Link("self", $"{Origin(context)}{(nova.Legacy ? "/v2" : "/v2.1")}{project}/{path}"),
            Bookmark(context, path));
    }

    /// <summary>The link without a version.</summary>
    public static JsonObject Bookmark(HttpContext context, string path)
    {
        var project = context.Nova().ProjectInPath is { } id ? "/" + id : "";
        return Link("bookmark", $"{Origin(context)}{project}/{path}");
    }

    /// <summary>The link to the next page: this request's parameters by name, with the marker replaced.</summary>
    public static JsonArray Next(HttpContext context, string marker)
    {
        var parameters = context.Request.Query
            .Where(pair => pair.Key is not "marker")
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))
            .Append(KeyValuePair.Create("marker", marker))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}");
        return new JsonArray(Link("next", $"{Origin(context)}{context.Nova().OriginalPath}?{string.Join('&', parameters)}"));
    }

    private static JsonObject Link(string rel, string href) => new() { ["rel"] = rel, ["href"] = href };
}
