using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary><c>PATCH /identity/v3/projects/{id}</c>: shutting it ends all tokens for it.</summary>
internal static class UpdateProject
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("name", BodyType.Text(1, 64)),
        new BodyProperty("description", BodyType.TextOrNull(0, 255)),
        new BodyProperty("enabled", BodyType.BooleanOrNull));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/identity/v3/projects/{id}", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("identity:update_project", new PolicyTarget(id, null));
            var body = await EntityBody.ReadAsync(context, "project", Schema);
            var project = await mediator.Send(new Request(id, body), ct);
            return NovaJson.Ok(new JsonObject { ["project"] = IdentityJson.Of(context, project) });
        })
        .WithTags("Identity").WithName("UpdateProject").WithSummary("Changes a project.");

    internal sealed record Request(string Id, JsonElement Body) : IRequest<Project>;

    internal sealed class Handler(ControlPlaneDbContext db, IssuedTokens tokens) : IRequestHandler<Request, Project>
    {
        public async Task<Project> Handle(Request request, CancellationToken cancellationToken)
        {
            var (id, body) = (request.Id, request.Body);
            var project = await ShowProject.FindAsync(db, id, cancellationToken);
            if (body.Text("name") is { } name)
            {
                project.Name = await db.Projects.AnyAsync(row => row.Name == name && row.Id != id, cancellationToken)
                    ? throw IdentityFault.Taken("project", name)
                    : name;
            }

            project.Description = body.Has("description") ? body.Text("description") ?? "" : project.Description;
            project.Enabled = body.Flag("enabled") ?? project.Enabled;
            if (project.Enabled)
            {
                await db.SaveNewAsync("project", project.Name, cancellationToken);
            }
            else
            {
                await tokens.SaveAndRevokeAsync(db, null, id, cancellationToken);
            }

            return project;
        }
    }
}
