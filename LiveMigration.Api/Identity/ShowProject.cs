using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/projects/{id}</c>.</summary>
internal static class ShowProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/identity/v3/projects/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("identity:get_project", new PolicyTarget(id, null));
            return NovaJson.Ok(new JsonObject { ["project"] = IdentityJson.Of(context, await FindAsync(db, id, ct)) });
        })
        .WithTags("Identity").WithName("ShowProject").WithSummary("One project.");

    /// <summary>A project by id.</summary>
    /// <exception cref="HttpFault">404.</exception>
    public static async Task<Project> FindAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        await db.Projects.SingleOrDefaultAsync(project => project.Id == id, ct) ?? throw IdentityFault.NotFound("project", id);
}
