using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;

namespace LiveMigration.Api.Limits;

/// <summary><c>GET /os-keypairs</c>: none are kept.</summary>
internal static class ListKeypairs
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/os-keypairs", (HttpContext context) =>
            {
                context.Demand("os_compute_api:os-keypairs:index");
                return NovaJson.Ok(new JsonObject { ["keypairs"] = new JsonArray() });
            })
            .WithTags("Limits").WithName("ListKeypairs").WithSummary("Key pairs; there are none.");
        routes.MapGet("/v2.1/os-keypairs/{name}", IResult (HttpContext context, string name) =>
            {
                context.Demand("os_compute_api:os-keypairs:show");
                throw HttpFault.NotFound($"Keypair {name} not found for user {Microversions.NovaRequestAccess.Caller(context).UserId}");
            })
            .WithTags("Limits").WithName("ShowKeypair").WithSummary("A key pair; there is none.");
    }
}
