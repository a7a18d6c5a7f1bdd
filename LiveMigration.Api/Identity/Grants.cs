using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>
/// <c>/identity/v3/projects/{p}/users/{u}/roles/{r}</c>, and the same below <c>domains</c>: gives, looks for and takes roles.
/// A role that is taken ends the user's tokens there.
/// </summary>
internal static class Grants
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "projects", "ProjectRole");
        Map(routes, "domains", "DomainRole");
    }

    private static void Map(IEndpointRouteBuilder routes, string place, string name)
    {
        var one = $"/identity/v3/{place}/{{scope}}/users/{{user}}/roles/{{role}}";
        routes.MapPut(one, GiveAsync).WithTags("Identity").WithName("Give" + name).WithSummary("Gives a user a role.");
        routes.MapMethods(one, [HttpMethods.Head], CheckAsync).WithTags("Identity").WithName("Check" + name).WithSummary("Whether a user has a role.");
        routes.MapDelete(one, TakeAsync).WithTags("Identity").WithName("Take" + name).WithSummary("Takes a role from a user.");
        routes.MapGet($"/identity/v3/{place}/{{scope}}/users/{{user}}/roles", ListAsync)
            .WithTags("Identity").WithName($"List{name}s").WithSummary("The roles that a user was given.");
    }

    private static async Task<IResult> GiveAsync(
        HttpContext context, string scope, string user, string role, ControlPlaneDbContext db, IssuedTokens tokens, CancellationToken ct)
    {
        context.Demand("identity:create_grant", new PolicyTarget(scope, user));
        await FindAsync(context, db, scope, user, ct);
        await Roles.FindAsync(db, role, ct);
        if (await FindGrantAsync(db, scope, user, role, ct) is null)
        {
            db.RoleAssignments.Add(new RoleAssignment { UserId = user, ScopeId = scope, RoleId = role });
            await tokens.SaveAndRefreshAsync(db, user, scope, ct);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> CheckAsync(
        HttpContext context, string scope, string user, string role, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand("identity:check_grant", new PolicyTarget(scope, user));
        return await FindGrantAsync(db, scope, user, role, ct) is not null ? Results.NoContent() : throw Missing(role);
    }

    private static async Task<IResult> TakeAsync(
        HttpContext context, string scope, string user, string role, ControlPlaneDbContext db, IssuedTokens tokens, CancellationToken ct)
    {
        context.Demand("identity:revoke_grant", new PolicyTarget(scope, user));
        db.RoleAssignments.Remove(await FindGrantAsync(db, scope, user, role, ct) ?? throw Missing(role));
        await tokens.SaveAndRevokeAsync(db, user, scope, ct);
        return Results.NoContent();
    }

    private static async Task<IResult> ListAsync(HttpContext context, string scope, string user, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand("identity:list_grants", new PolicyTarget(scope, user));
        await FindAsync(context, db, scope, user, ct);
        var roles = await db.Roles.AsNoTracking()
            .Where(role => db.RoleAssignments.Any(grant => grant.UserId == user && grant.ScopeId == scope && grant.RoleId == role.Id))
            .OrderBy(role => role.Name).ToListAsync(ct);
        return IdentityJson.List(context, "roles", roles.Select(role => IdentityJson.Of(context, role)));
    }

    private static Task<RoleAssignment?> FindGrantAsync(ControlPlaneDbContext db, string scope, string user, string role, CancellationToken ct) =>
        db.RoleAssignments.SingleOrDefaultAsync(grant => grant.UserId == user && grant.ScopeId == scope && grant.RoleId == role, ct);

    private static async Task FindAsync(HttpContext context, ControlPlaneDbContext db, string scope, string user, CancellationToken ct)
    {
        if (!context.Request.Path.StartsWithSegments("/identity/v3/domains", StringComparison.Ordinal))
        {
            await ShowProject.FindAsync(db, scope, ct);
        }
        else if (scope is not RoleAssignment.Domain)
        {
            throw IdentityFault.NotFound("domain", scope);
        }

        await ShowUser.FindAsync(db, user, ct);
    }

    private static HttpFault Missing(string role) => HttpFault.NotFound($"Could not find role assignment with role: {role}, user or group there.");
}
