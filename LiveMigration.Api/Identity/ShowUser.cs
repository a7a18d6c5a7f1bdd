using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/users/{id}</c> and the projects that the user has a role in.</summary>
internal static class ShowUser
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity/v3/users/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                // Asked first: whoever may not read users does not learn which there are.
                context.Demand("identity:get_user", new PolicyTarget(null, id));
                var user = await FindAsync(db, id, ct);
                return NovaJson.Ok(new JsonObject { ["user"] = IdentityJson.Of(context, user) });
            })
            .WithTags("Identity").WithName("ShowUser").WithSummary("One user.");
        routes.MapGet("/identity/v3/users/{id}/projects", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                context.Demand("identity:list_user_projects", new PolicyTarget(null, id));
                var user = await FindAsync(db, id, ct);
                var projects = await ShowCatalog.OfUserAsync(db, user.Id, ct);
                return IdentityJson.List(context, "projects", projects.Select(project => IdentityJson.Of(context, project)));
            })
            .WithTags("Identity").WithName("ListUserProjects").WithSummary("The projects that a user has a role in.");
    }

    /// <summary>A user by id.</summary>
    /// <exception cref="HttpFault">404.</exception>
    public static async Task<User> FindAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        await db.Users.SingleOrDefaultAsync(user => user.Id == id, ct) ?? throw IdentityFault.NotFound("user", id);
}
