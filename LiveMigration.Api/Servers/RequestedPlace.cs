using System.Text.Json;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>Where servers that are asked for shall be.</summary>
/// <param name="Host">The host; null for any.</param>
/// <param name="Filtered">False to go there without asking the filters.</param>
/// <param name="Zone">The availability zone that they stay in; null for any.</param>
/// <param name="Group">The group that they join; null for none.</param>
internal sealed record RequestedPlace(string? Host, bool Filtered, string? Zone, Guid? Group)
{
    /// <summary>Reads it from the body of <c>POST /servers</c>, which was checked before.</summary>
    /// <exception cref="HttpFault">400: it can't be had.</exception>
    /// <exception cref="PolicyForbidden">403: the rules don't let the caller choose.</exception>
    public static async Task<RequestedPlace> ReadAsync(HttpContext context, JsonElement server, Guid? group, ControlPlaneDbContext db, CancellationToken ct)
    {
        await RefuseGroupAsync(context, group, db, ct);
        var (host, node) = (Text(server, "host"), Text(server, "hypervisor_hostname"));
        var (zone, forced) = await OfZoneAsync(Text(server, "availability_zone"), db, ct);
        if (host is not null || node is not null)
        {
            context.Demand("os_compute_api:servers:create:requested_destination");
            if (forced is not null)
            {
                throw HttpFault.BadRequest("Requested host or hypervisor_hostname conflicts with the availability_zone's host.");
            }
        }
        else if (forced is not null)
        {
            context.Demand("os_compute_api:servers:create:forced_host");
            return new RequestedPlace(forced, Filtered: false, zone, group);
        }

        // Nova asks whether the zone is there only where the scheduler has a choice.
        if (zone is not null && !await IsAvailableAsync(zone, db, ct))
        {
            throw HttpFault.BadRequest("The requested availability zone is not available");
        }

        return new RequestedPlace(host ?? (node is null ? null : await HostOfNodeAsync(node, db, ct)), Filtered: true, zone, group);
    }

    /// <summary><c>ZONE</c>, <c>ZONE:HOST</c>, <c>ZONE:HOST:NODE</c> or <c>ZONE::NODE</c>; the zone may be empty.</summary>
    private static async Task<(string? Zone, string? Forced)> OfZoneAsync(string? text, ControlPlaneDbContext db, CancellationToken ct)
    {
        var parts = text?.Split(':') ?? [];
        var zone = parts is [{ Length: > 0 } named, ..] ? named : null;
        return parts switch
        {
            [] or [_] => (zone, null),
            [_, { Length: > 0 } host] => (zone, host),
            [_, { Length: > 0 } host, _] => (zone, host),
            [_, "", { Length: > 0 } node] => (zone, await HostOfNodeAsync(node, db, ct)),
            _ => throw HttpFault.BadRequest("Unable to parse availability_zone"),
        };
    }

    private static async Task<string> HostOfNodeAsync(string node, ControlPlaneDbContext db, CancellationToken ct) =>
        await db.ComputeNodes.Where(row => row.HypervisorHostname == node && row.Configured).Select(row => row.Host).FirstOrDefaultAsync(ct)
        ?? await db.ComputeNodes.Where(row => row.Host == node && row.Configured).Select(row => row.Host).FirstOrDefaultAsync(ct)
        ?? throw new ComputeHostNotFound(node);

    private static async Task<bool> IsAvailableAsync(string zone, ControlPlaneDbContext db, CancellationToken ct)
    {
        var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
        var hosts = await db.ComputeNodes.Where(node => node.Configured && node.Enabled).Select(node => node.Host).ToListAsync(ct);
        return zone == Aggregate.DefaultZone || hosts.Exists(host => Aggregate.ZoneOf(host, aggregates) == zone);
    }

    private static async Task RefuseGroupAsync(HttpContext context, Guid? group, ControlPlaneDbContext db, CancellationToken ct)
    {
        var caller = context.Caller();
        if (group is { } uuid
            && !await db.ServerGroups.AnyAsync(row => row.Uuid == uuid && (caller.IsAdmin || row.ProjectId == caller.ProjectId), ct))
        {
            throw new InstanceGroupNotFound(uuid.ToString());
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
