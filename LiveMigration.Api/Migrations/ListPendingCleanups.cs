using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Migrations;

/// <summary>
/// <c>GET /v1/cleanups</c>, our own: what migrations may have left on hosts that did not answer, oldest first. An item
/// goes by itself when its host has answered and holds nothing more.
/// </summary>
internal static class ListPendingCleanups
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/cleanups", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("livemigration:cleanups:list");
            var pending = await mediator.Send(new Request(), ct);
            return NovaJson.Ok(new JsonObject { ["cleanups"] = NovaJson.Array(pending.Cleanups.Select(Document)) });
        })
        .WithTags("LiveMigration").WithName("ListPendingCleanups")
        .WithSummary("What hosts that did not answer must still be rid of, with the reason.");

    private static JsonObject Document(Leftover left) => new()
    {
        ["migration_id"] = left.MigrationId,
        ["instance_uuid"] = left.Instance.ToString(),
        ["host"] = left.Host,
        ["reason"] = left.Reason,
        ["created_at"] = NovaJson.Microseconds(left.Since),
    };

    internal sealed record Request : IRequest<Response>;

    internal sealed record Response(IReadOnlyList<Leftover> Cleanups);

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken) =>
            new(await Leftover.ListAsync(db, cancellationToken));
    }
}
