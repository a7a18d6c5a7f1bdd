using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Flavors;

/// <summary><c>GET /flavors/{id}</c>.</summary>
internal static class ShowFlavor
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/flavors/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            NovaJson.Ok(new JsonObject
            {
                ["flavor"] = FlavorDocument.Full(context, await FlavorCatalog.FindAsync(db, id, context.Caller(), ct)),
            }))
        .WithTags("Flavors").WithName("ShowFlavor").WithSummary("One flavor.");
}
