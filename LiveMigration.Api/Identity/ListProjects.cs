using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/projects</c>.</summary>
internal static class ListProjects
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/identity/v3/projects", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("identity:list_projects");
            var query = context.Request.Query;
            var ours = query.AsksForOurDomain() && query["parent_id"].All(parent => parent is RoleAssignment.Domain) && query.Flag("is_domain") != true;
            var projects = db.Projects.AsNoTracking().Where(_ => ours);
            if (query["name"] is [.., { } name])
            {
                projects = projects.Where(project => project.Name == name);
            }

            if (query.Flag("enabled") is { } enabled)
            {
                projects = projects.Where(project => project.Enabled == enabled);
            }

            var found = await projects.OrderBy(project => project.CreatedAt).ThenBy(project => project.Id).ToListAsync(ct);
            return IdentityJson.List(context, "projects", found.Select(project => IdentityJson.Of(context, project)));
        })
        .WithTags("Identity").WithName("ListProjects").WithSummary("All projects.");
}
