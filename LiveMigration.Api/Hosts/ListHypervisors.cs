using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-hypervisors</c> and <c>/os-hypervisors/detail</c>.</summary>
internal static class ListHypervisors
{
    private static readonly QuerySchema Parameters = new(
        53,
        new("limit", QueryKind.Count, 33), new("marker", From: 33),
        new("hypervisor_hostname_pattern", QueryKind.Host, 53), new("with_servers", From: 53));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/os-hypervisors", (HttpContext context, IMediator mediator, CancellationToken ct) =>
                AnswerAsync(context, "list", mediator, HypervisorDocument.Brief, ct))
            .WithTags("Hosts").WithName("ListHypervisors").WithSummary("The hosts as hypervisors.");
        routes.MapGet("/v2.1/os-hypervisors/detail", (HttpContext context, IMediator mediator, TimeProvider time, CancellationToken ct) =>
                AnswerAsync(
                    context,
                    "list-detail",
                    mediator,
                    (report, version, withServers) => HypervisorDocument.Full(report, version, withServers, time.GetUtcNow().UtcDateTime),
                    ct))
            .WithTags("Hosts").WithName("ListHypervisorsInDetail").WithSummary("The hosts as hypervisors, with what they have.");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, string rule, IMediator mediator, Func<HypervisorReport, Microversion, bool, JsonObject> item, CancellationToken ct)
    {
        var version = context.Version();
        var query = Parameters.Read(context);
        context.Demand("os_compute_api:os-hypervisors:" + rule);
        var page = await mediator.Send(new Request(query, version), ct);
        var withServers = query.Flag("with_servers") == true;
        var body = new JsonObject { ["hypervisors"] = NovaJson.Array(page.Select(report => item(report, version, withServers))) };
        if (version.AtLeast(33) && query["hypervisor_hostname_pattern"] is null && page.Count > 0 && page.Count == query.Limit)
        {
            body["hypervisors_links"] = Links.Next(context, HypervisorDocument.Id(page[^1], version).ToString());
        }

        return NovaJson.Ok(body);
    }

    internal sealed record Request(Query Query, Microversion Version) : IRequest<IReadOnlyList<HypervisorReport>>;

    internal sealed class Handler(ControlPlaneDbContext db, LiveMigrationSettings settings)
        : IRequestHandler<Request, IReadOnlyList<HypervisorReport>>
    {
        public async Task<IReadOnlyList<HypervisorReport>> Handle(Request request, CancellationToken cancellationToken)
        {
            var query = request.Query;
            var nodes = db.ComputeNodes.Where(node => node.Configured);
            if (query["hypervisor_hostname_pattern"] is { } pattern)
            {
                if (query["limit"] is not null || query["marker"] is not null)
                {
                    throw HttpFault.BadRequest(
                        "Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.");
                }

                return await SearchHypervisors.FindAsync(db, settings, pattern, cancellationToken);
            }

            nodes = await BehindMarkerAsync(nodes, query["marker"], request.Version, cancellationToken);
            return await HypervisorReport.ReadAsync(db, settings, nodes.OrderBy(node => node.Id).Take(query.Limit), cancellationToken);
        }

        private async Task<IQueryable<ComputeNode>> BehindMarkerAsync(
            IQueryable<ComputeNode> nodes, string? marker, Microversion version, CancellationToken ct)
        {
            if (marker is null)
            {
                return nodes;
            }

            var uuid = version.AtLeast(53) && Guid.TryParseExact(marker, "D", out var guid) ? guid : Guid.Empty;
            var number = !version.AtLeast(53) && int.TryParse(marker, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            var last = await db.ComputeNodes.AsNoTracking().SingleOrDefaultAsync(node => node.Uuid == uuid || node.Id == number, ct)
                ?? throw HttpFault.UnknownMarker(marker);
            return nodes.Where(node => node.Id > last.Id);
        }
    }
}
