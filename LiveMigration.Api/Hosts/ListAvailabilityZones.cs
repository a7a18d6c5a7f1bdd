using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-availability-zone</c> and <c>/detail</c>: the zones that aggregates make, and the one of all other hosts.</summary>
internal static class ListAvailabilityZones
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/os-availability-zone", (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
                AnswerAsync(context, db, "list", withHosts: false, ct))
            .WithTags("Hosts").WithName("ListAvailabilityZones").WithSummary("The availability zones.");
        routes.MapGet("/v2.1/os-availability-zone/detail", (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
                AnswerAsync(context, db, "detail", withHosts: true, ct))
            .WithTags("Hosts").WithName("ListAvailabilityZonesInDetail").WithSummary("The availability zones with their hosts.");
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, ControlPlaneDbContext db, string verb, bool withHosts, CancellationToken ct)
    {
        context.Demand($"os_compute_api:os-availability-zone:{verb}");
        var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
        var nodes = await db.ComputeNodes.AsNoTracking().Where(node => node.Configured).OrderBy(node => node.Host).ToListAsync(ct);
        var zones = nodes.GroupBy(node => Aggregate.ZoneOf(node.Host, aggregates), StringComparer.Ordinal).OrderBy(zone => zone.Key, StringComparer.Ordinal);
        return NovaJson.Ok(new JsonObject
        {
            ["availabilityZoneInfo"] = NovaJson.Array(zones
                .OrderByDescending(zone => zone.Any(node => node.Enabled))
                .Select(zone => new JsonObject
                {
                    ["zoneName"] = zone.Key,
                    ["zoneState"] = new JsonObject { ["available"] = zone.Any(node => node.Enabled) },
                    ["hosts"] = withHosts ? Hosts(zone) : null,
                })),
        });
    }

    private static JsonObject Hosts(IEnumerable<ComputeNode> nodes) => new(nodes.Select(node => KeyValuePair.Create<string, JsonNode?>(
        node.Host,
        new JsonObject
        {
            [ServiceDocument.Binary] = new JsonObject
            {
                ["available"] = node.IsUp,
                ["active"] = node.Enabled,
                ["updated_at"] = NovaJson.Microseconds(node.LastSeenAt ?? node.UpdatedAt),
            },
        })));
}
