using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>POST /identity/v3/auth/tokens</c>: logs in, by password or by another token.</summary>
internal static class CreateToken
{
    /// <summary>The header that carries the token that is asked about, or was given out.</summary>
    public const string SubjectHeader = "X-Subject-Token";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/identity/v3/auth/tokens", async (HttpContext context, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
        {
            var body = TokenRequestBody.Read(await JsonBody.ReadAsync(context));
            context.Nova().ClaimedUser = body.UserId ?? body.UserName;
            var address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
            var (token, grant) = await mediator.Send(new Request(body, address), ct);
            var document = await TokenDocument.OfAsync(context, db, grant, ct);
            // For the audit log: from here on it is proven who it was.
            context.Nova().Caller = new Caller(context.Nova().RequestId, grant.UserId, grant.ProjectId ?? "", IsAdmin: false) { Roles = grant.Roles };
            context.Response.Headers[SubjectHeader] = token;
            return IdentityJson.Created(document);
        })
        .AllowAnonymous()
        .WithTags("Identity").WithName("CreateToken").WithSummary("Logs in: the token is in the header X-Subject-Token.");

    internal sealed record Request(TokenRequestBody Body, string Address) : IRequest<Response>;

    internal sealed record Response(string Token, TokenGrant Grant);

    internal sealed class Handler(
        ControlPlaneDbContext db, IssuedTokens issued, ITokenValidator tokens, PasswordHashing passwords, LogInThrottle throttle)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var body = request.Body;
            var proof = body.Password is not null ? await ByPasswordAsync(request, cancellationToken)
                : body.Token is { } token && await tokens.ValidateAsync(token, cancellationToken) is { } parent
                    ? new TokenProof(parent.UserId, null, HashIfOurs(token), parent)
                    : throw IdentityFault.Unauthorized();
            var given = body.Scope.Kind == ScopeKind.Default
                ? await DefaultAsync(proof, cancellationToken)
                : await issued.IssueAsync(db, proof, await ScopeAsync(body.Scope, cancellationToken), cancellationToken);
            return given is var (text, grant) ? new Response(text, grant) : throw IdentityFault.Unauthorized();
        }

        private async Task<TokenProof> ByPasswordAsync(Request request, CancellationToken ct)
        {
            var (id, name, password) = (request.Body.UserId, request.Body.UserName, request.Body.Password!);
            var claimed = id is null ? "name " + name : "id " + id;
            if (claimed.Length > 300 || password.Length > PasswordHashing.MaxLength)
            {
                throw IdentityFault.Unauthorized();
            }

            if (throttle.Begin(claimed, request.Address) is { } wait)
            {
                throw new TooManyLogIns(wait);
            }

            // A user who is not there, or is shut out, costs the same time.
            var user = !request.Body.Known ? null : id is not null
                ? await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct)
                : await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Name == name, ct);
            if (!await passwords.VerifyAsync(user?.PasswordHash, password, ct) || user is not { Enabled: true })
            {
                throw IdentityFault.Unauthorized();
            }

            throttle.Succeeded(claimed, request.Address);
            return new TokenProof(user.Id, user.PasswordHash, null, null);
        }

        private string? HashIfOurs(string token) => TokenText.Hash(token) is { } hash && issued.Find(hash) is not null ? hash : null;

        private async Task<(string Token, TokenGrant Grant)?> DefaultAsync(TokenProof proof, CancellationToken ct)
        {
            var project = await db.Users.Where(user => user.Id == proof.UserId).Select(user => user.DefaultProjectId).SingleOrDefaultAsync(ct);
            return (project is null ? null : await issued.IssueAsync(db, proof, project, ct))
                ?? await issued.IssueAsync(db, proof, null, ct);
        }

        private async Task<string?> ScopeAsync(ScopeBody scope, CancellationToken ct) => scope.Kind switch
        {
            ScopeKind.Unscoped => null,
            ScopeKind.Domain => RoleAssignment.Domain,
            ScopeKind.Project => await db.Projects
                .Where(project => scope.Id != null ? project.Id == scope.Id : project.Name == scope.Name)
                .Select(project => project.Id).SingleOrDefaultAsync(ct) ?? throw IdentityFault.Unauthorized(),
            _ => throw IdentityFault.Unauthorized(),
        };
    }
}
