using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Migrations;

/// <summary><c>DELETE /servers/{id}/migrations/{migration}</c>: takes a migration back.</summary>
internal static class AbortServerMigration
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete(
            "/v2.1/servers/{id}/migrations/{migration}",
            async (HttpContext context, string id, string migration, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
            {
                var uuid = await ShowServer.ResolveAsync(db, id, ct);
                context.Demand("os_compute_api:servers:migrations:delete");
                var alsoQueued = context.Version().AtLeast(65);
                await mediator.Send(new AbortLiveMigration.Request(uuid, migration, alsoQueued, context.Caller()), ct);
                return NovaJson.Accepted();
            })
        .MinimumVersion(2, 24)
        .Fault(typeof(MigrationNotFound), StatusCodes.Status404NotFound)
        .WithTags("Migrations").WithName("AbortServerMigration").WithSummary("Aborts a migration; the server stays where it is.");
}
