using LiveMigration.Api.Errors;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Identity;

/// <summary><c>DELETE /identity/v3/auth/tokens</c>: takes a token back.</summary>
internal static class RevokeToken
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/identity/v3/auth/tokens", async (
            HttpContext context, ControlPlaneDbContext db, ITokenValidator tokens, IssuedTokens issued, CancellationToken ct) =>
        {
            var (token, _) = await ShowToken.FindAsync(context, tokens, "identity:revoke_token", ct);
            var hash = TokenText.Hash(token)!;
            if (issued.Find(hash) is null)
            {
                throw new HttpFault(
                    StatusCodes.Status403Forbidden, "The admin's fixed token is in a file and can't be revoked: write another into it and restart.");
            }

            await issued.RevokeAsync(db, hash, ct);
            return Results.NoContent();
        })
        .WithTags("Identity").WithName("RevokeToken").WithSummary("Takes back the token in X-Subject-Token.");
}
