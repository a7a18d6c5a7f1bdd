using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Images;

/// <summary><c>GET /image/</c>: the versions that Glance's clients look for first. Open to everybody.</summary>
internal static class ImageVersions
{
    private const int Newest = 15;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/image", (HttpContext context) => NovaJson.Status(StatusCodes.Status300MultipleChoices, Document(context)))
            .WithTags("Images").WithName("ListImageVersions").WithSummary("The versions of the image API.");
        routes.MapGet("/image/versions", (HttpContext context) => NovaJson.Ok(Document(context)))
            .WithTags("Images").WithName("ShowImageVersions").WithSummary("The versions of the image API.");
    }

    private static JsonObject Document(HttpContext context) => new()
    {
        ["versions"] = NovaJson.Array(Enumerable.Range(0, Newest + 1).Reverse().Where(minor => minor is not (8 or 10 or 11 or 12 or 13 or 14)).Select(minor => (JsonNode)new JsonObject
        {
            ["id"] = $"v2.{minor}",
            ["status"] = minor == Newest ? "CURRENT" : "SUPPORTED",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = $"{Links.Origin(context)}/image/v2/" }),
        })),
    };
}
