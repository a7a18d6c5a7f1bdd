using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-hypervisors/{id}</c> and, up to 2.87, <c>/uptime</c>.</summary>
internal static class ShowHypervisor
{
    private static readonly QuerySchema Parameters = new(53, new QueryParameter("with_servers", From: 53));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/os-hypervisors/{id}", async (HttpContext context, string id, IMediator mediator, TimeProvider time, CancellationToken ct) =>
            {
                var query = Parameters.Read(context);
                context.Demand("os_compute_api:os-hypervisors:show");
                var report = await mediator.Send(new Request(id, context.Version()), ct);
                var document = HypervisorDocument.Full(report, context.Version(), query.Flag("with_servers") == true, time.GetUtcNow().UtcDateTime);
                return NovaJson.Ok(new JsonObject { ["hypervisor"] = document });
            })
            .WithTags("Hosts").WithName("ShowHypervisor").WithSummary("One host as a hypervisor.");
        routes.MapGet("/v2.1/os-hypervisors/{id}/uptime", async (HttpContext context, string id, IMediator mediator, TimeProvider time, CancellationToken ct) =>
            {
                context.Demand("os_compute_api:os-hypervisors:uptime");
                var report = await mediator.Send(new Request(id, context.Version()), ct);
                if (!report.Node.IsUp)
                {
                    throw HttpFault.BadRequest($"Compute service of {report.Node.Host} is unavailable at this time.");
                }

                var document = HypervisorDocument.Brief(report, context.Version(), withServers: false);
                document["uptime"] = HypervisorDocument.Uptime(report.Node, time.GetUtcNow().UtcDateTime) ?? "";
                return NovaJson.Ok(new JsonObject { ["hypervisor"] = document });
            })
            .MaximumVersion(2, 87)
            .WithTags("Hosts").WithName("ShowHypervisorUptime").WithSummary("How long a host runs.");
    }

    internal sealed record Request(string Id, Microversion Version) : IRequest<HypervisorReport>;

    internal sealed class Handler(ControlPlaneDbContext db, LiveMigrationSettings settings) : IRequestHandler<Request, HypervisorReport>
    {
        public async Task<HypervisorReport> Handle(Request request, CancellationToken cancellationToken)
        {
            var uuid = Guid.Empty;
            var number = -1;
            if (request.Version.AtLeast(53))
            {
                if (!Guid.TryParseExact(request.Id, "D", out uuid))
                {
                    throw HttpFault.BadRequest($"Invalid uuid {request.Id}");
                }
            }
            else if (int.TryParse(request.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                number = parsed;
            }

            var found = await HypervisorReport.ReadAsync(
                db,
                settings,
                db.ComputeNodes.Where(node => node.Configured && (node.Uuid == uuid || node.Id == number)),
                cancellationToken);
            return found.SingleOrDefault() ?? throw HttpFault.NotFound($"Hypervisor with ID '{request.Id}' could not be found.");
        }
    }
}
