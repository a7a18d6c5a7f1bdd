using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Flavors;

/// <summary><c>DELETE /flavors/{id}</c>. Servers keep what they were made of.</summary>
internal static class DeleteFlavor
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/v2.1/flavors/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-flavor-manage:delete");
            return await db.Flavors.Where(flavor => flavor.FlavorId == id).ExecuteDeleteAsync(ct) == 1
                ? NovaJson.Accepted()
                : throw new FlavorNotFound(id);
        })
        .WithTags("Flavors").WithName("DeleteFlavor").WithSummary("Removes a flavor.");
}
