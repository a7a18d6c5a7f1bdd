using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>DELETE /identity/v3/users/{id}</c>: with all roles and tokens.</summary>
internal static class DeleteUser
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/identity/v3/users/{id}", async (
            HttpContext context, string id, ControlPlaneDbContext db, IssuedTokens tokens, CancellationToken ct) =>
        {
            context.Demand("identity:delete_user", new PolicyTarget(null, id));
            var user = await ShowUser.FindAsync(db, id, ct);
            db.RoleAssignments.RemoveRange(await db.RoleAssignments.Where(grant => grant.UserId == id).ToListAsync(ct));
            db.Users.Remove(user);
            await tokens.SaveAndRevokeAsync(db, id, null, ct);
            return Results.NoContent();
        })
        .WithTags("Identity").WithName("DeleteUser").WithSummary("Removes a user.");
}
