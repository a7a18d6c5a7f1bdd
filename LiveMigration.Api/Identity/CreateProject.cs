using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>POST /identity/v3/projects</c>.</summary>
internal static class CreateProject
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("name", BodyType.Text(1, 64), Required: true),
        new BodyProperty("description", BodyType.TextOrNull(0, 255)),
        new BodyProperty("enabled", BodyType.BooleanOrNull));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/identity/v3/projects", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("identity:create_project");
            var body = await EntityBody.ReadAsync(context, "project", Schema);
            var project = await mediator.Send(
                new Request(body.Text("name")!, body.Text("description") ?? "", body.Flag("enabled") ?? true), ct);
            return IdentityJson.Created(new JsonObject { ["project"] = IdentityJson.Of(context, project) });
        })
        .WithTags("Identity").WithName("CreateProject").WithSummary("Makes a project.");

    internal sealed record Request(string Name, string Description, bool Enabled) : IRequest<Project>;

    internal sealed class Handler(ControlPlaneDbContext db, IIdSource ids, TimeProvider time) : IRequestHandler<Request, Project>
    {
        public async Task<Project> Handle(Request request, CancellationToken cancellationToken)
        {
            if (await db.Projects.AnyAsync(row => row.Name == request.Name, cancellationToken))
            {
                throw IdentityFault.Taken("project", request.Name);
            }

            var project = new Project
            {
                Id = ids.NewGuid().ToString("N"),
                Name = request.Name,
                Description = request.Description,
                Enabled = request.Enabled,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            };
            db.Projects.Add(project);
            await db.SaveNewAsync("project", project.Name, cancellationToken);
            return project;
        }
    }
}
