using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Identity;

/// <summary><c>POST /identity/v3/users/{id}/password</c>: a user's own new password, for the old one. Ends the user's tokens.</summary>
internal static class ChangePassword
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("original_password", BodyType.Text(1, PasswordHashing.MaxLength), Required: true),
        new BodyProperty("password", BodyType.Text(1, PasswordHashing.MaxLength), Required: true));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/identity/v3/users/{id}/password", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("identity:change_password", new PolicyTarget(null, id));
            var body = await EntityBody.ReadAsync(context, "user", Schema);
            var address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
            await mediator.Send(new Request(id, body.Text("original_password")!, body.Text("password")!, address), ct);
            return Results.NoContent();
        })
        .WithTags("Identity").WithName("ChangePassword").WithSummary("Changes the caller's own password.");

    internal sealed record Request(string Id, string Original, string Password, string Address) : IRequest<Response>;

    internal sealed record Response;

    internal sealed class Handler(ControlPlaneDbContext db, PasswordHashing passwords, IssuedTokens tokens, LogInThrottle throttle)
        : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var user = await ShowUser.FindAsync(db, request.Id, cancellationToken);
            var claimed = "id " + user.Id;
            if (throttle.Begin(claimed, request.Address) is { } wait)
            {
                throw new TooManyLogIns(wait);
            }

            if (!await passwords.VerifyAsync(user.PasswordHash, request.Original, cancellationToken))
            {
                throw IdentityFault.Unauthorized();
            }

            throttle.Succeeded(claimed, request.Address);
            user.PasswordHash = await passwords.HashAsync(request.Password, cancellationToken);
            await tokens.SaveAndRevokeAsync(db, user.Id, null, cancellationToken);
            return new Response();
        }
    }
}
