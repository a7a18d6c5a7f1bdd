using System.Text.Json.Nodes;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Networks;

/// <summary><c>GET /network/v2.0/ports</c>, in the place of Neutron: the network cards of servers that were made here.</summary>
internal static class ListPorts
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/network/v2.0/ports", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
                NeutronList.Ports.Answer(context, await PortsAsync(context, db, ct)))
            .WithTags("Networks").WithName("ListPorts").WithSummary("Network cards of servers, as Neutron shows them.");
        routes.MapGet("/network/v2.0/ports/{id}", async (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
                NeutronList.Ports.One("port", id, await PortsAsync(context, db, ct)))
            .WithTags("Networks").WithName("ShowPort").WithSummary("One network card.");
    }

    private static async Task<IReadOnlyList<JsonObject>> PortsAsync(HttpContext context, ControlPlaneDbContext db, CancellationToken ct)
    {
        var caller = context.Caller();
        var servers = await db.Instances.AsNoTracking()
            .Where(row => row.IsMade && row.VmState != VmState.Deleted && (caller.IsAdmin || row.ProjectId == caller.ProjectId))
            .OrderBy(row => row.CreatedAt)
            .ToListAsync(ct);
        return [.. servers.SelectMany(NetworkDocument.Ports)];
    }
}
