using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>POST /identity/v3/users</c>.</summary>
internal static class CreateUser
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("name", BodyType.Text(1, 255), Required: true),
        new BodyProperty("password", BodyType.TextOrNull(1, PasswordHashing.MaxLength)),
        new BodyProperty("enabled", BodyType.BooleanOrNull),
        new BodyProperty("email", BodyType.TextOrNull(0, 255)),
        new BodyProperty("description", BodyType.TextOrNull(0, 255)),
        new BodyProperty("default_project_id", BodyType.TextOrNull(1, 64)));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/identity/v3/users", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("identity:create_user");
            var body = await EntityBody.ReadAsync(context, "user", Schema);
            var user = await mediator.Send(
                new Request(
                    body.Text("name")!, body.Text("password"), body.Flag("enabled") ?? true,
                    body.Text("email"), body.Text("description"), body.Text("default_project_id")),
                ct);
            return IdentityJson.Created(new JsonObject { ["user"] = IdentityJson.Of(context, user) });
        })
        .WithTags("Identity").WithName("CreateUser").WithSummary("Makes a user; roles are given in projects.");

    internal sealed record Request(
        string Name, string? Password, bool Enabled, string? Email, string? Description, string? DefaultProject) : IRequest<User>;

    internal sealed class Handler(ControlPlaneDbContext db, PasswordHashing passwords, IIdSource ids, TimeProvider time)
        : IRequestHandler<Request, User>
    {
        public async Task<User> Handle(Request request, CancellationToken cancellationToken)
        {
            if (await db.Users.AnyAsync(row => row.Name == request.Name, cancellationToken))
            {
                throw IdentityFault.Taken("user", request.Name);
            }

            var user = new User
            {
                Id = ids.NewGuid().ToString("N"),
                Name = request.Name,
                PasswordHash = request.Password is { } password ? await passwords.HashAsync(password, cancellationToken) : null,
                Enabled = request.Enabled,
                Email = request.Email,
                Description = request.Description,
                DefaultProjectId = request.DefaultProject,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            };
            db.Users.Add(user);
            await db.SaveNewAsync("user", user.Name, cancellationToken);
            return user;
        }
    }
}
