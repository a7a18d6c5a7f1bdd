using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/auth/catalog</c>, <c>projects</c>, <c>domains</c>: what the caller may use.</summary>
internal static class ShowCatalog
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity/v3/auth/catalog", (HttpContext context) =>
            {
                context.Demand("identity:get_auth_catalog");
                return NovaJson.Ok(new JsonObject
                {
                    ["catalog"] = Catalog.Of(context),
                    ["links"] = new JsonObject { ["self"] = IdentityJson.Url(context, "auth/catalog") },
                });
            })
            .WithTags("Identity").WithName("ShowCatalog").WithSummary("Where the services are.");
        routes.MapGet("/identity/v3/auth/projects", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                context.Demand("identity:get_auth_projects");
                var projects = await OfUserAsync(db, context.Caller().UserId, ct);
                return IdentityJson.List(context, "projects", projects.Where(project => project.Enabled).Select(project => IdentityJson.Of(context, project)));
            })
            .WithTags("Identity").WithName("ListOwnProjects").WithSummary("The projects that the caller may log in to.");
        routes.MapGet("/identity/v3/auth/domains", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                context.Demand("identity:get_auth_domains");
                var user = context.Caller().UserId;
                var any = await db.RoleAssignments.AnyAsync(grant => grant.UserId == user && grant.ScopeId == RoleAssignment.Domain, ct);
                return IdentityJson.List(context, "domains", any ? [IdentityJson.Of(context)] : []);
            })
            .WithTags("Identity").WithName("ListOwnDomains").WithSummary("The domains that the caller may log in to.");
    }

    /// <summary>The projects that a user has a role in.</summary>
    public static Task<List<Project>> OfUserAsync(ControlPlaneDbContext db, string user, CancellationToken ct) => db.Projects.AsNoTracking()
        .Where(project => db.RoleAssignments.Any(grant => grant.UserId == user && grant.ScopeId == project.Id))
        .OrderBy(project => project.CreatedAt).ThenBy(project => project.Id).ToListAsync(ct);
}
