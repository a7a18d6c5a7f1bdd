using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary><c>GET /image/v2/images</c>, in the place of Glance.</summary>
internal static class ListImages
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/image/v2/images", (HttpContext context, ImageCatalog catalog, ImageChecksums checksums, ApiSettings settings) =>
        {
            var query = context.Request.Query;
            var images = Filtered(catalog.List(), query).ToList();
            if (query["marker"].LastOrDefault() is { } marker)
            {
                var last = images.FindIndex(image => image.Id.ToString().Equals(marker, StringComparison.Ordinal));
                if (last < 0)
                {
                    return GlanceFault.BadRequest($"Image {marker} could not be found.");
                }

                images = images[(last + 1)..];
            }

            var limit = DefaultLimit;
            if (query["limit"].LastOrDefault() is { } text
                && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 0))
            {
                return GlanceFault.BadRequest("limit param must be an integer");
            }

            var page = images.Take(Math.Min(limit, MaxLimit)).ToList();
            var body = new JsonObject
            {
                ["images"] = NovaJson.Array(page.Select(image => ImageDocument.Of(image, checksums.Find(image), settings.ProjectId))),
                ["first"] = "/v2/images",
                ["schema"] = "/v2/schemas/images",
            };
            if (page.Count > 0 && page.Count < images.Count)
            {
                body["next"] = $"/v2/images?marker={page[^1].Id}{(query.ContainsKey("limit") ? $"&limit={limit.ToString(CultureInfo.InvariantCulture)}" : "")}";
            }

            return NovaJson.Ok(body);
        })
        .WithTags("Images").WithName("ListImages").WithSummary("Images that servers can be made of, as Glance shows them.");

    private static IEnumerable<CatalogImage> Filtered(IEnumerable<CatalogImage> images, IQueryCollection query)
    {
        // Glance compares every other parameter with the property of that name; ours are few.
        if (query["name"].LastOrDefault() is { } name)
        {
            images = images.Where(image => image.Name.Equals(name.StartsWith("in:", StringComparison.Ordinal) ? name[3..].Trim('"') : name, StringComparison.Ordinal));
        }

        if (query["id"].LastOrDefault() is { } id)
        {
            images = images.Where(image => image.Id.ToString().Equals(id, StringComparison.Ordinal));
        }

        if (query["disk_format"].LastOrDefault() is { } format)
        {
            images = images.Where(image => image.Format.Equals(format, StringComparison.Ordinal));
        }

        return query["status"].LastOrDefault() is { } status and not "active"
            || query["visibility"].LastOrDefault() is { } visibility and not ("public" or "all") ? [] : images;
    }
}
