using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>/identity/v3/roles</c>: the words that policies ask for; further ones may be made for an operator's own.</summary>
internal static class Roles
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("name", BodyType.Text(1, 64), Required: true),
        new BodyProperty("description", BodyType.TextOrNull(0, 255)));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity/v3/roles", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                context.Demand("identity:list_roles");
                var roles = db.Roles.AsNoTracking().Where(_ => !context.Request.Query.ContainsKey("domain_id"));
                if (context.Request.Query["name"] is [.., { } name])
                {
                    roles = roles.Where(role => role.Name == name);
                }

                var found = await roles.OrderBy(role => role.Name).ToListAsync(ct);
                return IdentityJson.List(context, "roles", found.Select(role => IdentityJson.Of(context, role)));
            })
            .WithTags("Identity").WithName("ListRoles").WithSummary("All roles.");
        routes.MapGet("/identity/v3/roles/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            {
                context.Demand("identity:get_role");
                return NovaJson.Ok(new JsonObject { ["role"] = IdentityJson.Of(context, await FindAsync(db, id, ct)) });
            })
            .WithTags("Identity").WithName("ShowRole").WithSummary("One role.");
        routes.MapPost("/identity/v3/roles", CreateAsync)
            .WithTags("Identity").WithName("CreateRole").WithSummary("Makes a role, for rules of an operator's own.");
        routes.MapDelete("/identity/v3/roles/{id}", DeleteAsync)
            .WithTags("Identity").WithName("DeleteRole").WithSummary("Removes a role, unless it is one of the first.");
    }

    /// <summary>A role by id.</summary>
    /// <exception cref="HttpFault">404.</exception>
    public static async Task<Role> FindAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        await db.Roles.SingleOrDefaultAsync(role => role.Id == id, ct) ?? throw IdentityFault.NotFound("role", id);

    private static async Task<IResult> CreateAsync(HttpContext context, ControlPlaneDbContext db, IIdSource ids, CancellationToken ct)
    {
        context.Demand("identity:create_role");
        var body = await EntityBody.ReadAsync(context, "role", Schema);
        // Rules don't tell upper from lower case: neither may names.
        var role = new Role
        {
            Id = ids.NewGuid().ToString("N"), Name = body.Text("name")!.ToLowerInvariant(), Description = body.Text("description"),
        };
        db.Roles.Add(role);
        await db.SaveNewAsync("role", role.Name, ct);
        return IdentityJson.Created(new JsonObject { ["role"] = IdentityJson.Of(context, role) });
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string id, ControlPlaneDbContext db, IssuedTokens tokens, CancellationToken ct)
    {
        context.Demand("identity:delete_role");
        var role = await FindAsync(db, id, ct);
        if (RoleNames.All.Contains(role.Name, StringComparer.Ordinal))
        {
            throw new HttpFault(StatusCodes.Status403Forbidden, $"Role {role.Name} is one that rules ask for; it can't be deleted.");
        }

        db.RoleAssignments.RemoveRange(await db.RoleAssignments.Where(grant => grant.RoleId == id).ToListAsync(ct));
        db.Roles.Remove(role);
        await tokens.SaveAndRevokeAsync(db, null, null, ct);
        return Results.NoContent();
    }
}
