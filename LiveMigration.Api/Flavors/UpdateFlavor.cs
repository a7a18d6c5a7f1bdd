using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Flavors;

/// <summary><c>PUT /flavors/{id}</c> from 2.55 on: what it is for.</summary>
internal static class UpdateFlavor
{
    private static readonly BodySchema Envelope = new(new BodyProperty("flavor", new ObjectType(), Required: true));
    private static readonly BodySchema Body = new(new BodyProperty("description", BodyType.TextOrNull(0, 65535), Required: true));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v2.1/flavors/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, TimeProvider time, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-flavor-manage:update");
            var body = await JsonBody.ReadAsync(context);
            Envelope.Check(body, null);
            Body.Check(body.GetProperty("flavor"), "flavor");
            var flavor = await FlavorCatalog.FindStoredAsync(db, id, ct);
            flavor.Description = body.GetProperty("flavor").GetProperty("description").GetString();
            flavor.UpdatedAt = time.GetUtcNow().UtcDateTime;
            await db.SaveChangesAsync(ct);
            return NovaJson.Ok(new JsonObject { ["flavor"] = FlavorDocument.Full(context, flavor) });
        })
        .MinimumVersion(2, 55)
        .WithTags("Flavors").WithName("UpdateFlavor").WithSummary("Changes what a flavor is said to be for.");
}
