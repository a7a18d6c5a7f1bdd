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

/// <summary><c>GET /servers/{id}/diagnostics</c>: what a server's host counts of it; one document for all from 2.48 on.</summary>
internal static class ShowDiagnostics
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/servers/{id}/diagnostics", async (HttpContext context, string id, ControlPlaneDbContext db, IGuestDiagnostics diagnostics, TimeProvider time, CancellationToken ct) =>
        {
            var uuid = await ShowServer.ResolveAsync(db, id, ct);
            context.Demand("os_compute_api:os-server-diagnostics");
            var server = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == uuid, ct);
            if (server.PowerState is not (PowerState.Running or PowerState.Paused))
            {
                throw new InstanceInvalidState(uuid, "get_diagnostics", "power state", Word(server.PowerState));
            }

            var counters = await diagnostics.ReadAsync(server.Host, uuid, ct);
            var uptime = server.LaunchedAt is { } launched ? (time.GetUtcNow().UtcDateTime - launched).TotalSeconds : 0;
            return NovaJson.Ok(context.Version().AtLeast(48) ? Standard(server, counters, (long)uptime) : Flat(counters));
        })
        .Fault(typeof(ComputeHostNotFound), StatusCodes.Status409Conflict)
        .Fault(typeof(GuestNotFound), StatusCodes.Status404NotFound)
        .Fault(typeof(HypervisorRefused), StatusCodes.Status409Conflict)
        .WithTags("Servers").WithName("ShowServerDiagnostics").WithSummary("What a server's host counts of it.");

    private static string Word(PowerState state) => state switch
    {
        PowerState.Shutdown => "shutdown",
        PowerState.Crashed => "crashed",
        PowerState.Suspended => "suspended",
        PowerState.Paused => "paused",
        PowerState.Running => "running",
        _ => "pending",
    };

    /// <summary>libvirt's own words, as Nova shows them up to 2.47.</summary>
    private static JsonObject Flat(GuestCounters counters)
    {
        var document = new JsonObject();
        for (var i = 0; i < counters.ProcessorTimes.Count; i++)
        {
            document[$"cpu{i}_time"] = counters.ProcessorTimes[i];
        }

        foreach (var disk in counters.Disks)
        {
            document[$"{disk.Name}_read_req"] = disk.ReadRequests;
            document[$"{disk.Name}_read"] = disk.ReadBytes;
            document[$"{disk.Name}_write_req"] = disk.WriteRequests;
            document[$"{disk.Name}_write"] = disk.WriteBytes;
            document[$"{disk.Name}_errors"] = -1;
        }

        foreach (var nic in counters.Interfaces)
        {
            Add(document, $"{nic.Name}_rx", nic.Received);
            Add(document, $"{nic.Name}_tx", nic.Sent);
        }

        document["memory"] = counters.MemoryKiB;
        document["memory-actual"] = counters.MemoryUsedKiB;
        document["memory-rss"] = counters.ResidentKiB;
        return document;
    }

    private static void Add(JsonObject document, string name, PacketCounters packets)
    {
        document[name] = packets.Bytes;
        document[name + "_packets"] = packets.Packets;
        document[name + "_errors"] = packets.Errors;
        document[name + "_drop"] = packets.Dropped;
    }

    private static JsonObject Standard(Instance server, GuestCounters counters, long uptime) => new()
    {
        ["state"] = Word(server.PowerState),
        ["driver"] = "libvirt",
        ["hypervisor"] = "qemu",
        ["hypervisor_os"] = "linux",
        ["uptime"] = uptime,
        ["config_drive"] = server.Origin.HasConfigDrive,
        ["num_cpus"] = counters.ProcessorTimes.Count,
        ["num_nics"] = counters.Interfaces.Count,
        ["num_disks"] = counters.Disks.Count,
        ["disk_details"] = NovaJson.Array(counters.Disks.Select(disk => new JsonObject
        {
            ["read_bytes"] = disk.ReadBytes,
            ["read_requests"] = disk.ReadRequests,
            ["write_bytes"] = disk.WriteBytes,
            ["write_requests"] = disk.WriteRequests,
            ["errors_count"] = -1,
        })),
        ["cpu_details"] = NovaJson.Array(counters.ProcessorTimes.Select((spent, number) => new JsonObject
        {
            ["id"] = number, ["time"] = spent, ["utilisation"] = null,
        })),
        ["nic_details"] = NovaJson.Array(counters.Interfaces.Select(nic => new JsonObject
        {
            ["mac_address"] = nic.Mac,
            ["rx_octets"] = nic.Received.Bytes,
            ["rx_errors"] = nic.Received.Errors,
            ["rx_drop"] = nic.Received.Dropped,
            ["rx_packets"] = nic.Received.Packets,
            ["rx_rate"] = null,
            ["tx_octets"] = nic.Sent.Bytes,
            ["tx_errors"] = nic.Sent.Errors,
            ["tx_drop"] = nic.Sent.Dropped,
            ["tx_packets"] = nic.Sent.Packets,
            ["tx_rate"] = null,
        })),
        ["memory_details"] = new JsonObject { ["maximum"] = counters.MemoryKiB / 1024, ["used"] = counters.MemoryUsedKiB / 1024 },
    };
}
