using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET /identity</c> and <c>/identity/v3</c>: what clients read before they log in.</summary>
internal static class IdentityVersions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity", (HttpContext context) =>
            {
                context.Response.Headers.Location = Address(context);
                return (IResult)new Choices(new JsonObject
                {
                    ["versions"] = new JsonObject { ["values"] = new JsonArray(Version(context)) },
                });
            })
            .AllowAnonymous()
            .WithTags("Identity").WithName("ListIdentityVersions").WithSummary("The versions of the identity service.");
        routes.MapGet("/identity/v3", (HttpContext context) => NovaJson.Ok(new JsonObject { ["version"] = Version(context) }))
            .AllowAnonymous()
            .WithTags("Identity").WithName("ShowIdentityVersion").WithSummary("The version document.");
    }

    private static string Address(HttpContext context) => $"{Links.Origin(context)}/identity/v3/";

    private static JsonObject Version(HttpContext context) => new()
    {
        ["id"] = "v3.14",
        ["status"] = "stable",
        ["updated"] = "2020-04-07T00:00:00Z",
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = Address(context) }),
        ["media-types"] = new JsonArray(new JsonObject
        {
            ["base"] = "application/json",
            ["type"] = "application/vnd.openstack.identity-v3+json",
        }),
    };

    private sealed class Choices(JsonObject body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            NovaFault.WriteAsync(httpContext, StatusCodes.Status300MultipleChoices, body, "application/json");
    }
}
