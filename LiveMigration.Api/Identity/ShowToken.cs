using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Identity;

/// <summary><c>GET</c> and <c>HEAD /identity/v3/auth/tokens</c>: what a token says, for itself and for services.</summary>
internal static class ShowToken
{
    /// <summary>Keystone's text for a token that it does not know.</summary>
    public const string Unknown = "Could not recognize Fernet token";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/identity/v3/auth/tokens", async (
                HttpContext context, ControlPlaneDbContext db, ITokenValidator tokens, CancellationToken ct) =>
            {
                var (token, grant) = await FindAsync(context, tokens, "identity:validate_token", ct);
                var document = await TokenDocument.OfAsync(context, db, grant, ct, !context.Request.Query.ContainsKey("nocatalog"));
                context.Response.Headers[CreateToken.SubjectHeader] = token;
                return NovaJson.Ok(document);
            })
            .WithTags("Identity").WithName("ShowToken").WithSummary("What the token in X-Subject-Token says.");
        routes.MapMethods("/identity/v3/auth/tokens", [HttpMethods.Head], async (
                HttpContext context, ITokenValidator tokens, CancellationToken ct) =>
            {
                var (token, _) = await FindAsync(context, tokens, "identity:check_token", ct);
                context.Response.Headers[CreateToken.SubjectHeader] = token;
                return Results.StatusCode(StatusCodes.Status200OK);
            })
            .WithTags("Identity").WithName("CheckToken").WithSummary("Whether the token in X-Subject-Token holds.");
    }

    /// <summary>The token that is asked about, if the caller may.</summary>
    /// <exception cref="HttpFault">404: it does not hold; 403: it is another's.</exception>
    public static async Task<(string Token, TokenGrant Grant)> FindAsync(
        HttpContext context, ITokenValidator tokens, string rule, CancellationToken ct)
    {
        var header = context.Request.Headers[CreateToken.SubjectHeader];
        if (header.Count != 1 || header[0] is not { Length: > 0 } token)
        {
            throw HttpFault.BadRequest("X-Subject-Token is required and must be one token.");
        }

        var grant = await tokens.ValidateAsync(token, ct) ?? throw HttpFault.NotFound(Unknown);
        context.Demand(rule, new PolicyTarget(grant.ProjectId, grant.UserId));
        return (token, grant);
    }
}
