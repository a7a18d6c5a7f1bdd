using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Migrations;

/// <summary><c>GET /servers/{id}/migrations</c>: what is being done to a server now, with counters.</summary>
internal static class ListServerMigrations
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/servers/{id}/migrations", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            var migrations = await mediator.Send(new Request(id), ct);
            context.Demand("os_compute_api:servers:migrations:index");
            var withHosts = context.Allows("os_compute_api:servers:migrations:index:host");
            return NovaJson.Ok(new JsonObject
            {
                ["migrations"] = NovaJson.Array(migrations.Select(migration => MigrationDocument.OfServer(context, migration, withHosts))),
            });
        })
        .MinimumVersion(2, 23)
        .WithTags("Migrations").WithName("ListServerMigrations").WithSummary("A server's migrations in progress.");

    internal sealed record Request(string Server) : IRequest<IReadOnlyList<Migration>>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, IReadOnlyList<Migration>>
    {
        public async Task<IReadOnlyList<Migration>> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = await ShowServer.ResolveAsync(db, request.Server, cancellationToken);
            var open = await db.Migrations.AsNoTracking()
                .Where(migration => migration.InstanceUuid == uuid && migration.FinishedAt == null)
                .OrderByDescending(migration => migration.Id).ToListAsync(cancellationToken);
            return open.FindAll(migration => migration.Status.IsInProgress());
        }
    }
}
