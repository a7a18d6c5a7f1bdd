using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary>Finds out who asks. Only the token says it: no other header and no body has a say in it.</summary>
internal sealed class Callers(ITokenValidator tokens, PolicyRules policy)
{
    /// <summary>The header with the token.</summary>
    public const string Header = "X-Auth-Token";

    /// <summary>Who asks, with what the token says; null when it is missing or does not hold.</summary>
    public async ValueTask<(Caller Caller, TokenGrant Grant)?> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers[Header];
        if (header.Count != 1 || header[0] is not { Length: > 0 } token)
        {
            return null;
        }

        return await tokens.ValidateAsync(token, context.RequestAborted) is { } grant
            ? (CallerOf(grant, context.Nova().RequestId), grant)
            : null;
    }

    private Caller CallerOf(TokenGrant grant, string requestId)
    {
        var caller = new Caller(requestId, grant.UserId, grant.ProjectId ?? "", IsAdmin: false) { Roles = grant.Roles };
        return policy.Allows(PolicyRules.ContextIsAdmin, caller, PolicyTarget.OwnOf(caller)) ? caller with { IsAdmin = true } : caller;
    }
}
