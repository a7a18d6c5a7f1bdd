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

/// <summary><c>POST /servers/{id}/migrations/{migration}/action</c> with <c>force_complete</c>.</summary>
internal static class ForceCompleteMigration
{
    private const string Key = "force_complete";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost(
            "/v2.1/servers/{id}/migrations/{migration}/action",
            async (HttpContext context, string id, string migration, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
            {
                var action = await JsonBody.ReadActionAsync(context);
                if (action.Name is not Key)
                {
                    throw HttpFault.BadRequest($"There is no such action: {action.Name}");
                }

                if (BodyType.Null.Explain(action.Value) is { } reason)
                {
                    throw BodySchema.Error(Key, action.Value, reason);
                }

                var uuid = await ShowServer.ResolveAsync(db, id, ct);
                context.Demand("os_compute_api:servers:migrations:force_complete");
                await mediator.Send(new ForceCompleteLiveMigration.Request(uuid, migration, context.Caller()), ct);
                return NovaJson.Accepted();
            })
        .MinimumVersion(2, 22)
        .Fault(typeof(MigrationNotFound), StatusCodes.Status400BadRequest)
        .WithTags("Migrations").WithName("ForceCompleteMigration").WithSummary("Brings a running migration to its end.");
}
