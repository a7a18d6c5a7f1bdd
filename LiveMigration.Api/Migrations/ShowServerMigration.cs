using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Migrations;

/// <summary><c>GET /servers/{id}/migrations/{migration}</c>: one that is in progress.</summary>
internal static class ShowServerMigration
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(
            "/v2.1/servers/{id}/migrations/{migration}",
            async (HttpContext context, string id, string migration, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
            {
                await ShowServer.ResolveAsync(db, id, ct);
                context.Demand("os_compute_api:servers:migrations:show");
                return NovaJson.Ok(new JsonObject
                {
                    ["migration"] = MigrationDocument.OfServer(context, await mediator.Send(new Request(id, migration), ct), withHosts: true),
                });
            })
        .MinimumVersion(2, 23)
        .WithTags("Migrations").WithName("ShowServerMigration").WithSummary("One migration in progress, with counters.");

    internal sealed record Request(string Server, string Migration) : IRequest<Migration>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Migration>
    {
        public async Task<Migration> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = await ShowServer.ResolveAsync(db, request.Server, cancellationToken);
            // Only the integer id counts; a UUID is "not found" in Nova too.
            var id = int.TryParse(request.Migration, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
            var migration = await db.Migrations.AsNoTracking()
                .SingleOrDefaultAsync(row => row.Id == id && row.InstanceUuid == uuid, cancellationToken)
                ?? throw HttpFault.NotFound($"In-progress live migration {request.Migration} is not found for server {uuid}.");
            return migration.Status.IsInProgress()
                ? migration
                : throw HttpFault.NotFound($"Live migration {id} for server {uuid} is not in progress.");
        }
    }
}
