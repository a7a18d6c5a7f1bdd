using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.InstanceActions;

/// <summary><c>GET /servers/{id}/os-instance-actions</c>: what users asked for, newest first.</summary>
internal static class ListInstanceActions
{
    private static readonly QuerySchema Parameters = new(
        58,
        new("limit", QueryKind.Count, 58), new("marker", From: 58), new("changes-since", QueryKind.Time, 58),
        new("changes-before", QueryKind.Time, 66));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/servers/{id}/os-instance-actions", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            var query = Parameters.Read(context);
            var page = await mediator.Send(new Request(id, query, context.Version()), ct);
            context.Demand("os_compute_api:os-instance-actions:list");
            var body = new JsonObject { ["instanceActions"] = NovaJson.Array(page.Select(action => Document(action, context.Version()))) };
            if (context.Version().AtLeast(58) && page.Count > 0 && page.Count == query.Limit)
            {
                body["links"] = Links.Next(context, page[^1].RequestId);
            }

            return NovaJson.Ok(body);
        })
        .WithTags("Instance actions").WithName("ListInstanceActions").WithSummary("What was asked of a server.");

    /// <summary>An action without its events.</summary>
    public static JsonObject Document(InstanceAction action, Microversion version)
    {
        var document = new JsonObject
        {
            ["action"] = action.Action,
            ["instance_uuid"] = action.InstanceUuid.ToString(),
            ["request_id"] = action.RequestId,
            ["user_id"] = action.UserId,
            ["project_id"] = action.ProjectId,
            ["start_time"] = NovaJson.Microseconds(action.StartTime),
            ["message"] = action.Message,
        };
        if (version.AtLeast(58))
        {
            document["updated_at"] = NovaJson.Microseconds(action.UpdatedAt ?? action.StartTime);
        }

        return document;
    }

    /// <summary>The server of an action; from 2.21 on a deleted one too.</summary>
    /// <exception cref="InstanceNotFound">It is unknown, or no UUID.</exception>
    public static async Task<Guid> ResolveAsync(ControlPlaneDbContext db, string id, Microversion version, CancellationToken ct) =>
        Guid.TryParseExact(id, "D", out var uuid) && await db.Instances.AnyAsync(
            instance => instance.Uuid == uuid && (version.AtLeast(21) || instance.VmState != VmState.Deleted), ct)
            ? uuid
            : throw new InstanceNotFound(id);

    internal sealed record Request(string Server, Query Query, Microversion Version) : IRequest<IReadOnlyList<InstanceAction>>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, IReadOnlyList<InstanceAction>>
    {
        public async Task<IReadOnlyList<InstanceAction>> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = await ResolveAsync(db, request.Server, request.Version, cancellationToken);
            var actions = db.InstanceActions.AsNoTracking().Where(action => action.InstanceUuid == uuid);
            if (request.Query.Time("changes-since") is { } since)
            {
                actions = actions.Where(action => (action.UpdatedAt ?? action.StartTime) >= since);
            }

            if (request.Query.Time("changes-before") is { } before)
            {
                actions = actions.Where(action => (action.UpdatedAt ?? action.StartTime) <= before);
            }

            if (request.Query["marker"] is { } marker)
            {
                var last = await db.InstanceActions.AsNoTracking().FirstOrDefaultAsync(
                    action => action.InstanceUuid == uuid && action.RequestId == marker, cancellationToken)
                    ?? throw HttpFault.BadRequest($"Marker {marker} could not be found.");
                actions = actions.Where(action => action.StartTime < last.StartTime
                    || (action.StartTime == last.StartTime && action.Id < last.Id));
            }

            return await actions.OrderByDescending(action => action.StartTime).ThenByDescending(action => action.Id)
                .Take(request.Query.Limit).ToListAsync(cancellationToken);
        }
    }
}
