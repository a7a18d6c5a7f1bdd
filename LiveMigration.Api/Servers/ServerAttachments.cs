using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>
/// What hangs on a server, as its host says: <c>os-interface</c>, <c>os-volume_attachments</c>, <c>os-security-groups</c> and
/// <c>topology</c>. Ports and networks have no ids of their own here; theirs are made of the server, the address and the
/// bridge, and stay the same.
/// </summary>
internal static class ServerAttachments
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Named(routes.MapGet("/v2.1/servers/{id}/os-interface", ListInterfacesAsync), "ListServerInterfaces", "A server's network interfaces.");
        Named(routes.MapGet("/v2.1/servers/{id}/os-interface/{port}", ShowInterfaceAsync), "ShowServerInterface", "One of them.");
        Named(routes.MapGet("/v2.1/servers/{id}/os-volume_attachments", (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            EmptyAsync(context, db, id, "os_compute_api:os-volumes-attachments:index", "volumeAttachments", ct)), "ListServerVolumes", "Volumes of a volume service; there is none.");
        Named(routes.MapGet("/v2.1/servers/{id}/os-security-groups", (HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct) =>
            EmptyAsync(context, db, id, "os_compute_api:os-security-groups:list", "security_groups", ct)), "ListServerSecurityGroups", "Groups of a network service; there is none.");
        Named(routes.MapGet("/v2.1/servers/{id}/topology", TopologyAsync).MinimumVersion(2, 78), "ShowServerTopology", "How a server is laid out on its host's NUMA cells.");
    }

    private static RouteHandlerBuilder Named(RouteHandlerBuilder route, string name, string summary) =>
        route.Fault(typeof(ComputeHostNotFound), StatusCodes.Status409Conflict).WithTags("Servers").WithName(name).WithSummary(summary);

    private static async Task<IResult> ListInterfacesAsync(
        HttpContext context, string id, ControlPlaneDbContext db, IComputeDriver driver, CancellationToken ct)
    {
        var attachments = await AttachmentsAsync(context, db, driver, id, "list", ct);
        return NovaJson.Ok(new JsonObject { ["interfaceAttachments"] = NovaJson.Array(attachments) });
    }

    private static async Task<IResult> ShowInterfaceAsync(
        HttpContext context, string id, string port, ControlPlaneDbContext db, IComputeDriver driver, CancellationToken ct)
    {
        var found = (await AttachmentsAsync(context, db, driver, id, "show", ct)).Find(one => (string?)one["port_id"] == port)
            ?? throw HttpFault.NotFound($"Instance {id} does not have a port with id {port}");
        return NovaJson.Ok(new JsonObject { ["interfaceAttachment"] = found });
    }

    private static async Task<IResult> EmptyAsync(
        HttpContext context, ControlPlaneDbContext db, string id, string rule, string key, CancellationToken ct)
    {
        await ShowServer.ResolveAsync(db, id, ct);
        context.Demand(rule);
        return NovaJson.Ok(new JsonObject { [key] = new JsonArray() });
    }

    private static async Task<IResult> TopologyAsync(HttpContext context, string id, ControlPlaneDbContext db, CancellationToken ct)
    {
        await ShowServer.ResolveAsync(db, id, ct);
        context.Demand("compute:server:topology:index");
        return NovaJson.Ok(new JsonObject { ["nodes"] = new JsonArray(), ["pagesize_kb"] = null });
    }

    private static async Task<List<JsonObject>> AttachmentsAsync(
        HttpContext context, ControlPlaneDbContext db, IComputeDriver driver, string id, string verb, CancellationToken ct)
    {
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand($"os_compute_api:os-attach-interfaces:{verb}");
        var server = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == uuid, ct);
        var guest = await DescribeAsync(driver, server, ct);
        return [.. guest.Interfaces.Select(nic => Document(context, server, nic))];
    }

    private static async Task<GuestDescription> DescribeAsync(IComputeDriver driver, Instance server, CancellationToken ct)
    {
        try
        {
            return await driver.DescribeGuestAsync(server.Host, server.Uuid, ct);
        }
        catch (GuestNotFound)
        {
            throw new InstanceNotFound(server.Uuid.ToString());
        }
    }

    private static JsonObject Document(HttpContext context, Instance server, GuestInterface nic)
    {
        var document = new JsonObject
        {
            ["net_id"] = PortId.OfNetwork(nic.Type, nic.Source).ToString(),
            ["port_id"] = PortId.Of(server.Uuid, nic.Mac).ToString(),
            ["mac_addr"] = nic.Mac,
            ["port_state"] = server.PowerState is PowerState.Running or PowerState.Paused ? "ACTIVE" : "DOWN",
            ["fixed_ips"] = new JsonArray(),
        };
        if (context.Version().AtLeast(70))
        {
            document["tag"] = null;
        }

        return document;
    }
}
