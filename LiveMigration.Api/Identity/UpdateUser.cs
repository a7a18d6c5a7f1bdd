using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>PATCH /identity/v3/users/{id}</c>: a new password, or being shut out, ends the user's tokens.</summary>
internal static class UpdateUser
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("name", BodyType.Text(1, 255)),
        new BodyProperty("password", BodyType.TextOrNull(1, PasswordHashing.MaxLength)),
        new BodyProperty("enabled", BodyType.BooleanOrNull),
        new BodyProperty("email", BodyType.TextOrNull(0, 255)),
        new BodyProperty("description", BodyType.TextOrNull(0, 255)),
        new BodyProperty("default_project_id", BodyType.TextOrNull(1, 64)));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/identity/v3/users/{id}", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("identity:update_user", new PolicyTarget(null, id));
            var body = await EntityBody.ReadAsync(context, "user", Schema);
            var user = await mediator.Send(new Request(id, body), ct);
            return NovaJson.Ok(new JsonObject { ["user"] = IdentityJson.Of(context, user) });
        })
        .WithTags("Identity").WithName("UpdateUser").WithSummary("Changes a user.");

    internal sealed record Request(string Id, JsonElement Body) : IRequest<User>;

    internal sealed class Handler(ControlPlaneDbContext db, PasswordHashing passwords, IssuedTokens tokens) : IRequestHandler<Request, User>
    {
        public async Task<User> Handle(Request request, CancellationToken cancellationToken)
        {
            var (id, body) = (request.Id, request.Body);
            var user = await ShowUser.FindAsync(db, id, cancellationToken);
            if (body.Text("name") is { } name)
            {
                user.Name = await db.Users.AnyAsync(row => row.Name == name && row.Id != id, cancellationToken)
                    ? throw IdentityFault.Taken("user", name)
                    : name;
            }

            user.Email = body.Has("email") ? body.Text("email") : user.Email;
            user.Description = body.Has("description") ? body.Text("description") : user.Description;
            user.DefaultProjectId = body.Has("default_project_id") ? body.Text("default_project_id") : user.DefaultProjectId;
            user.Enabled = body.Flag("enabled") ?? user.Enabled;
            if (body.Text("password") is { } password)
            {
                user.PasswordHash = await passwords.HashAsync(password, cancellationToken);
            }

            if (body.Text("password") is not null || !user.Enabled)
            {
                await tokens.SaveAndRevokeAsync(db, id, null, cancellationToken);
            }
            else
            {
                await db.SaveNewAsync("user", user.Name, cancellationToken);
            }

            return user;
        }
    }
}
