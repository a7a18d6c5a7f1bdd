using LiveMigration.Api.Bodies;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Images;

namespace LiveMigration.Api.Images;

/// <summary><c>GET /image/v2/images/{id}</c>, in the place of Glance.</summary>
internal static class ShowImage
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/image/v2/images/{id}", (string id, ImageCatalog catalog, ImageChecksums checksums, ApiSettings settings) =>
            Guid.TryParseExact(id, "D", out var uuid) && catalog.Find(uuid) is { } image
                ? NovaJson.Ok(ImageDocument.Of(image, checksums.Find(image), settings.ProjectId))
                : GlanceFault.NotFound($"No image found with ID {id}"))
        .WithTags("Images").WithName("ShowImage").WithSummary("One image, as Glance shows it.");
}
