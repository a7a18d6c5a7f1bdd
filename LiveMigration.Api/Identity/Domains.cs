using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity/v3/domains</c>: there is one.</summary>
internal static class Domains
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity/v3/domains", (HttpContext context) =>
            {
                context.Demand("identity:list_domains");
                var query = context.Request.Query;
                var asked = query["name"].All(name => name is "Default") && query.Flag("enabled") != false;
                return IdentityJson.List(context, "domains", asked ? [IdentityJson.Of(context)] : []);
            })
            .WithTags("Identity").WithName("ListDomains").WithSummary("The one domain.");
        routes.MapGet("/identity/v3/domains/{id}", (HttpContext context, string id) =>
            {
                context.Demand("identity:get_domain");
                return id is RoleAssignment.Domain
                    ? NovaJson.Ok(new JsonObject { ["domain"] = IdentityJson.Of(context) })
                    : throw IdentityFault.NotFound("domain", id);
            })
            .WithTags("Identity").WithName("ShowDomain").WithSummary("The one domain.");
    }
}
