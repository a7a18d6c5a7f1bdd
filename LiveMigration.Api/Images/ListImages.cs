using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary><c>GET /image/v2/images</c>, in the place of Glance: filtered, sorted, a page at a time.</summary>
internal static class ListImages
{
    private const string Path = "/v2/images";
    private const int DefaultLimit = 25;
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/image/v2/images", (HttpContext context, ImageCatalog catalog, ImageChecksums checksums, ApiSettings settings) =>
        {
            var query = context.Request.Query;
            var filters = new ImageFilters(query, settings.ProjectId);
            if ((ExplainLimit(query) ?? filters.Explain() ?? ImageSort.Explain(query)) is { } objection)
            {
                return GlanceFault.BadRequest(objection);
            }

            var images = ImageSort.Apply(filters.Apply(catalog.List(), checksums.Find), query).ToList();
            if (query["marker"].LastOrDefault() is { } marker)
            {
                var last = images.FindIndex(image => image.Id.ToString().Equals(marker, StringComparison.Ordinal));
                if (last < 0)
                {
                    return GlanceFault.BadRequest($"Image {marker} could not be found.");
                }

                images = images[(last + 1)..];
            }

            var page = images.Take(Limit(query)).ToList();
            var body = new JsonObject
            {
                ["images"] = NovaJson.Array(page.Select(image => ImageDocument.Of(image, checksums.Find(image), settings.ProjectId))),
                ["first"] = Link(query, marker: null),
                ["schema"] = "/v2/schemas/images",
            };
            if (page.Count > 0 && page.Count < images.Count)
            {
                body["next"] = Link(query, page[^1].Id.ToString());
            }

            return NovaJson.Ok(body);
        })
        .WithTags("Images").WithName("ListImages").WithSummary("Images that servers can be made of, as Glance shows them.");

    private static string? ExplainLimit(IQueryCollection query) => query["limit"].LastOrDefault() is not { } text ? null
        : !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? "limit param must be an integer"
        : limit < 0 ? "limit param must be positive"
        : null;

    private static int Limit(IQueryCollection query) => query["limit"].LastOrDefault() is { } text
        ? Math.Min(int.Parse(text, CultureInfo.InvariantCulture), MaxLimit)
        : DefaultLimit;

    // This request's parameters, so that the pages behind the first are of the same list.
    private static string Link(IQueryCollection query, string? marker)
    {
        var parameters = query.Where(pair => pair.Key is not "marker")
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))
            .Concat(marker is null ? [] : [KeyValuePair.Create("marker", marker)])
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")
            .ToList();
        return parameters.Count == 0 ? Path : $"{Path}?{string.Join('&', parameters)}";
    }
}
