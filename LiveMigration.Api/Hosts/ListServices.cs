using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-services</c>: the hosts as compute services.</summary>
internal static class ListServices
{
    private static readonly QuerySchema Parameters = new(75, new("host"), new("binary"));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/os-services", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            var query = Parameters.Read(context);
            context.Demand("os_compute_api:os-services:list");
            var nodes = db.ComputeNodes.AsNoTracking().Where(node => node.Configured);
            if (query["host"] is { } host)
            {
                nodes = nodes.Where(node => node.Host == host);
            }

            var found = query["binary"] is { } binary && binary is not ServiceDocument.Binary
                ? []
                : await nodes.OrderBy(node => node.Id).ToListAsync(ct);
            var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
            return NovaJson.Ok(new JsonObject
            {
                ["services"] = NovaJson.Array(found.Select(node => ServiceDocument.Of(node, Aggregate.ZoneOf(node.Host, aggregates), context.Version()))),
            });
        })
        .WithTags("Hosts").WithName("ListServices").WithSummary("The hosts as compute services: enabled or not, up or down.");
}
