using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>DELETE /identity/v3/projects/{id}</c>: with all roles in it and all tokens for it; not the one that guests belong to.</summary>
internal static class DeleteProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/identity/v3/projects/{id}", async (
            HttpContext context, string id, ControlPlaneDbContext db, IssuedTokens tokens, ApiSettings settings, CancellationToken ct) =>
        {
            context.Demand("identity:delete_project", new PolicyTarget(id, null));
            var project = await ShowProject.FindAsync(db, id, ct);
            if (id.Equals(settings.ProjectId, StringComparison.Ordinal))
            {
                throw new HttpFault(StatusCodes.Status403Forbidden, $"Project {id} is the one that adopted guests belong to; it can't be deleted.");
            }

            db.RoleAssignments.RemoveRange(await db.RoleAssignments.Where(grant => grant.ScopeId == id).ToListAsync(ct));
            db.Projects.Remove(project);
            await tokens.SaveAndRevokeAsync(db, null, id, ct);
            return Results.NoContent();
        })
        .WithTags("Identity").WithName("DeleteProject").WithSummary("Removes a project.");
}
