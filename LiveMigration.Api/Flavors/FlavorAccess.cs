using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Flavors;

/// <summary><c>GET /flavors/{id}/os-flavor-access</c>: the projects that may use a flavor that is not public.</summary>
internal static class FlavorAccess
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/flavors/{id}/os-flavor-access", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-flavor-access");
            var flavor = await FlavorCatalog.FindAsync(db, id, context.Caller(), ct);
            return flavor.IsPublic
                ? throw HttpFault.NotFound("Access list not available for public flavors.")
                : NovaJson.Ok(Document(flavor));
        })
        .WithTags("Flavors").WithName("ListFlavorAccess").WithSummary("Which projects may use a flavor that is not public.");

    /// <summary>The projects of a flavor.</summary>
    public static JsonObject Document(Flavor flavor) => new()
    {
        ["flavor_access"] = NovaJson.Array(flavor.Projects.Select(project => (JsonNode)new JsonObject
        {
            ["flavor_id"] = flavor.FlavorId, ["tenant_id"] = project,
        })),
    };
}
