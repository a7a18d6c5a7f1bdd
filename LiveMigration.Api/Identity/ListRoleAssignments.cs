using System.Text.Json.Nodes;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/role_assignments</c>: who has which role where; with <c>effective</c> the implied ones too.</summary>
internal static class ListRoleAssignments
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/identity/v3/role_assignments", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            context.Demand("identity:list_role_assignments");
            var query = context.Request.Query;
            var users = await db.Users.AsNoTracking().ToDictionaryAsync(user => user.Id, user => user.Name, StringComparer.Ordinal, ct);
            var projects = await db.Projects.AsNoTracking().ToDictionaryAsync(project => project.Id, project => project.Name, StringComparer.Ordinal, ct);
            var roles = await db.Roles.AsNoTracking().ToDictionaryAsync(role => role.Id, role => role.Name, StringComparer.Ordinal, ct);
            var grants = await Matching(db.RoleAssignments.AsNoTracking(), query).ToListAsync(ct);
            var rows = grants.Select(grant => (User: grant.UserId, Scope: grant.ScopeId, Role: grant.RoleId));
            if (query.ContainsKey("effective"))
            {
                var ids = roles.ToDictionary(role => role.Value, role => role.Key, StringComparer.Ordinal);
                rows = rows.GroupBy(row => (row.User, row.Scope)).SelectMany(place => RoleNames
                    .WithImplied(place.Select(row => roles[row.Role])).Select(role => (place.Key.User, place.Key.Scope, Role: ids[role])));
            }

            if (query["role.id"] is [.., { } wanted])
            {
                rows = rows.Where(row => row.Role.Equals(wanted, StringComparison.Ordinal));
            }

            var named = query.Flag("include_names") == true;
            return IdentityJson.List(context, "role_assignments", rows
                .OrderBy(row => row.User, StringComparer.Ordinal).ThenBy(row => row.Scope, StringComparer.Ordinal).ThenBy(row => row.Role, StringComparer.Ordinal)
                .Select(row => Document(
                    context,
                    row,
                    named ? users.GetValueOrDefault(row.User) : null,
                    named ? projects.GetValueOrDefault(row.Scope) ?? "Default" : null,
                    named ? roles.GetValueOrDefault(row.Role) : null)));
        })
        .WithTags("Identity").WithName("ListRoleAssignments").WithSummary("Who has which role where.");

    private static IQueryable<RoleAssignment> Matching(IQueryable<RoleAssignment> grants, IQueryCollection query)
    {
        if (query["user.id"] is [.., { } user])
        {
            grants = grants.Where(grant => grant.UserId == user);
        }

        if (query["scope.project.id"] is [.., { } project])
        {
            grants = grants.Where(grant => grant.ScopeId == project);
        }

        if (query["scope.domain.id"] is [.., { } domain])
        {
            grants = grants.Where(grant => grant.ScopeId == domain && domain == RoleAssignment.Domain);
        }

        // There are neither groups nor roles of the whole system.
        var none = query.ContainsKey("group.id") || query.ContainsKey("scope.system");
        return grants.Where(_ => !none);
    }

    private static JsonObject Document(
        HttpContext context, (string User, string Scope, string Role) row, string? user, string? place, string? role)
    {
        var kind = row.Scope is RoleAssignment.Domain ? "domain" : "project";
        return new JsonObject
        {
            ["role"] = Named(row.Role, role, withDomain: false),
            ["user"] = Named(row.User, user, withDomain: true),
            ["scope"] = new JsonObject { [kind] = Named(row.Scope, place, withDomain: kind is "project") },
            ["links"] = new JsonObject
            {
                ["assignment"] = IdentityJson.Url(context, $"{kind}s/{row.Scope}/users/{row.User}/roles/{row.Role}"),
            },
        };
    }

    private static JsonObject Named(string id, string? name, bool withDomain)
    {
        var document = new JsonObject { ["id"] = id };
        if (name is not null)
        {
            document["name"] = name;
            if (withDomain)
            {
                document["domain"] = IdentityJson.DomainName();
            }
        }

        return document;
    }
}
