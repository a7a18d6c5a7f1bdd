using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.InstanceActions;

/// <summary><c>GET /servers/{id}/os-instance-actions/{request_id}</c>: one request with the work it caused.</summary>
internal static class ShowInstanceAction
{
    private const string Events = "os_compute_api:os-instance-actions:events";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(
            "/v2.1/servers/{id}/os-instance-actions/{requestId}",
            async (HttpContext context, string id, string requestId, IMediator mediator, CancellationToken ct) =>
            {
                var version = context.Version();
                var action = await mediator.Send(new Request(id, requestId, version), ct);
                context.Demand("os_compute_api:os-instance-actions:show");
                var document = ListInstanceActions.Document(action, version);
                var everything = context.Allows(Events);
                if (everything || version.AtLeast(51))
                {
                    var details = version.AtLeast(84) && context.Allows(Events + ":details");
                    document["events"] = NovaJson.Array(action.Events
                        .OrderByDescending(row => row.StartTime).ThenByDescending(row => row.Id)
                        .Select(row => Document(row, action.ProjectId, version, everything, details)));
                }

                return NovaJson.Ok(new JsonObject { ["instanceAction"] = document });
            })
        .WithTags("Instance actions").WithName("ShowInstanceAction").WithSummary("One request with its events.");

    private static JsonObject Document(InstanceActionEvent row, string project, Microversion version, bool everything, bool details)
    {
        var document = new JsonObject
        {
            ["event"] = row.Event,
            ["start_time"] = NovaJson.Microseconds(row.StartTime),
            ["finish_time"] = NovaJson.Microseconds(row.FinishTime),
            ["result"] = row.Result,
        };
        if (everything)
        {
            // A traceback names our code, which tells an operator nothing: the details do.
            document["traceback"] = null;
        }

        if (version.AtLeast(62))
        {
            if (everything)
            {
                document["host"] = row.Host;
            }

            document["hostId"] = HostId.Of(project, row.Host);
        }

        if (details)
        {
            document["details"] = row.Details;
        }

        return document;
    }

    internal sealed record Request(string Server, string RequestId, Microversion Version) : IRequest<InstanceAction>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, InstanceAction>
    {
        public async Task<InstanceAction> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = await ListInstanceActions.ResolveAsync(db, request.Server, request.Version, cancellationToken);
            return await db.InstanceActions.AsNoTracking().Include(action => action.Events)
                .OrderBy(action => action.Id)
                .FirstOrDefaultAsync(action => action.InstanceUuid == uuid && action.RequestId == request.RequestId, cancellationToken)
                ?? throw HttpFault.NotFound($"Action {request.RequestId} not found");
        }
    }
}
