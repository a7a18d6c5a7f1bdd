using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Flavors;

/// <summary><c>POST /flavors/{id}/action</c>: lets a project use a flavor that is not public, or no longer.</summary>
internal static class FlavorActions
{
    private const string Add = "addTenantAccess";
    private const string Remove = "removeTenantAccess";
    private static readonly BodySchema Body = new(new BodyProperty("tenant", BodyType.Text(1, 255), Required: true));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/flavors/{id}/action", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            var action = await JsonBody.ReadActionAsync(context);
            if (action.Name is not (Add or Remove))
            {
                throw HttpFault.BadRequest($"There is no such action: {action.Name}");
            }

            Body.Check(action.Value, action.Name, context.Nova().Legacy);
            context.Demand(action.Name is Add ? "os_compute_api:os-flavor-access:add_tenant_access" : "os_compute_api:os-flavor-access:remove_tenant_access");
            var project = action.Value.GetProperty("tenant").GetString()!;
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var flavor = await FlavorCatalog.FindStoredAsync(db, id, ct);
            await (action.Name is Add ? AddAsync(context, db, flavor, project, ct) : RemoveAsync(flavor, project));
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return NovaJson.Ok(FlavorAccess.Document(flavor));
        })
        .WithTags("Flavors").WithName("RunFlavorAction").WithSummary("Lets a project use a flavor that is not public, or no longer: addTenantAccess, removeTenantAccess.");

    private static async Task AddAsync(HttpContext context, ControlPlaneDbContext db, Flavor flavor, string project, CancellationToken ct)
    {
        if (flavor.IsPublic)
        {
            throw new HttpFault(StatusCodes.Status409Conflict, "Can not add access to a public flavor.");
        }

        // With another Keystone the projects are its own, and not known here.
        var settings = context.RequestServices.GetRequiredService<ApiSettings>();
        if (settings.Identity.Keystone is null && !await db.Projects.AnyAsync(row => row.Id == project, ct))
        {
            throw HttpFault.BadRequest($"Project ID {project} is not a valid project.");
        }

        flavor.Projects = flavor.Projects.Contains(project, StringComparer.Ordinal)
            ? throw new HttpFault(StatusCodes.Status409Conflict, $"Flavor access already exists for flavor {flavor.FlavorId} and project {project} combination.")
            : [.. flavor.Projects, project];
    }

    private static Task RemoveAsync(Flavor flavor, string project)
    {
        flavor.Projects = flavor.Projects.Contains(project, StringComparer.Ordinal)
            ? [.. flavor.Projects.Where(other => other != project)]
            : throw HttpFault.NotFound($"Flavor access not found for {flavor.FlavorId} / {project} combination.");
        return Task.CompletedTask;
    }
}
