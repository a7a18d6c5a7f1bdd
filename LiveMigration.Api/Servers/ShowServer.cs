using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>GET /servers/{id}</c>.</summary>
internal static class ShowServer
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/servers/{id}", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            var found = await mediator.Send(new Request(id), ct);
            context.Demand("os_compute_api:servers:show", PolicyTarget.Of(found.Server));
            return NovaJson.Ok(new JsonObject { ["server"] = ServerDocument.Full(context, found.Server, found.Around, alone: true) });
        })
        .WithTags("Servers").WithName("ShowServer").WithSummary("One server: where it runs, what is being done to it.");

    /// <summary>Finds an instance by the id that a client wrote.</summary>
    /// <exception cref="InstanceNotFound">It is unknown, or no UUID.</exception>
    public static async Task<Guid> ResolveAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        Guid.TryParseExact(id, "D", out var uuid)
        && await db.Instances.AnyAsync(instance => instance.Uuid == uuid && instance.VmState != VmState.Deleted, ct)
            ? uuid
            : throw new InstanceNotFound(id);

    internal sealed record Request(string Id) : IRequest<Response>;

    internal sealed record Response(Instance Server, ServerSurroundings Around);

    internal sealed class Handler(ServerSnapshots snapshots) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken) =>
            Guid.TryParseExact(request.Id, "D", out var uuid)
            && await snapshots.FindAsync(uuid, cancellationToken) is { Server.VmState: not VmState.Deleted } found
                ? new Response(found.Server, found.Around)
                : throw new InstanceNotFound(request.Id);
    }
}
