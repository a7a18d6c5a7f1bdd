using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>A token as Keystone shows it, all but the token itself.</summary>
internal static class TokenDocument
{
    public static async Task<JsonObject> OfAsync(
        HttpContext context, ControlPlaneDbContext db, TokenGrant grant, CancellationToken ct, bool withCatalog = true)
    {
        var user = await db.Users.Where(row => row.Id == grant.UserId).Select(row => row.Name).SingleOrDefaultAsync(ct);
        var token = new JsonObject
        {
            ["methods"] = NovaJson.Array(grant.Methods.Split(',').Select(method => (JsonNode)method)),
            ["user"] = new JsonObject
            {
                ["domain"] = IdentityJson.DomainName(),
                ["id"] = grant.UserId,
                ["name"] = user ?? grant.UserId,
                ["password_expires_at"] = null,
            },
            ["audit_ids"] = NovaJson.Array(grant.AuditIds.Split(',').Select(id => (JsonNode)id)),
            ["expires_at"] = IdentityJson.Time(grant.ExpiresAt),
            ["issued_at"] = IdentityJson.Time(grant.IssuedAt),
        };
        if (grant.ScopeId is { } scope)
        {
            await AddScopeAsync(db, token, scope, grant.Roles, ct);
            if (withCatalog)
            {
                token["catalog"] = Catalog.Of(context);
            }
        }

        return new JsonObject { ["token"] = token };
    }

    private static async Task AddScopeAsync(
        ControlPlaneDbContext db, JsonObject token, string scope, IReadOnlyList<string> held, CancellationToken ct)
    {
        if (scope is RoleAssignment.Domain)
        {
            token["domain"] = IdentityJson.DomainName();
        }
        else
        {
            token["project"] = new JsonObject
            {
                ["domain"] = IdentityJson.DomainName(),
                ["id"] = scope,
                ["name"] = await db.Projects.Where(project => project.Id == scope).Select(project => project.Name).SingleOrDefaultAsync(ct) ?? scope,
            };
        }

        token["is_domain"] = scope is RoleAssignment.Domain;
        var ids = await db.Roles.AsNoTracking().ToDictionaryAsync(role => role.Name, role => role.Id, StringComparer.Ordinal, ct);
        token["roles"] = NovaJson.Array(held.Select(name => new JsonObject { ["id"] = ids.GetValueOrDefault(name, name), ["name"] = name }));
    }
}
