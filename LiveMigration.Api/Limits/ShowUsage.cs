using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Limits;

/// <summary><c>GET /os-simple-tenant-usage</c> and <c>/{project}</c>: how long servers have existed between two times.</summary>
internal static class ShowUsage
{
    private static readonly QuerySchema Parameters = new(
        75, new("start"), new("end"), new("detailed"), new("limit", QueryKind.Count, 40), new("marker", From: 40));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/os-simple-tenant-usage", ListAsync)
            .WithTags("Limits").WithName("ListUsage").WithSummary("What projects have used between two times.");
        routes.MapGet("/v2.1/os-simple-tenant-usage/{project}", ShowAsync)
            .WithTags("Limits").WithName("ShowUsage").WithSummary("What one project has used, server by server.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, ControlPlaneDbContext db, TimeProvider time, CancellationToken ct)
    {
        var query = Parameters.Read(context);
        context.Demand("os_compute_api:os-simple-tenant-usage:list");
        var (start, stop) = Period(query, time);
        var servers = await ServersAsync(db, start, stop, project: null, ct);
        var detailed = query["detailed"] is "1";
        return NovaJson.Ok(new JsonObject
        {
            ["tenant_usages"] = NovaJson.Array(servers.GroupBy(server => server.ProjectId, StringComparer.Ordinal)
                .OrderBy(project => project.Key, StringComparer.Ordinal)
                .Select(project => Total(project.Key, [.. project], start, stop, detailed))),
        });
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, string project, ControlPlaneDbContext db, TimeProvider time, CancellationToken ct)
    {
        var query = Parameters.Read(context);
        context.Demand("os_compute_api:os-simple-tenant-usage:show");
        var (start, stop) = Period(query, time);
        var servers = await ServersAsync(db, start, stop, project, ct);
        return NovaJson.Ok(new JsonObject
        {
            ["tenant_usage"] = servers.Count == 0 ? new JsonObject() : Total(project, servers, start, stop, detailed: true),
        });
    }

    private static (DateTime Start, DateTime Stop) Period(Query query, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var stop = Time(query, "end") ?? now;
        var start = Time(query, "start") ?? now;
        return start <= stop ? (start, stop) : throw HttpFault.BadRequest("Invalid start time. The start time cannot occur after the end time.");
    }

    private static DateTime? Time(Query query, string name) => query[name] is not { Length: > 0 } text ? null
        : Query.ParseTime(text) ?? throw HttpFault.BadRequest("Datetime is in invalid format");

    private static async Task<List<Instance>> ServersAsync(ControlPlaneDbContext db, DateTime start, DateTime stop, string? project, CancellationToken ct) =>
        await db.Instances.AsNoTracking()
            .Where(server => server.LaunchedAt != null && server.LaunchedAt <= stop
                && (server.VmState != VmState.Deleted || server.UpdatedAt >= start)
                && (project == null || server.ProjectId == project))
            .OrderBy(server => server.CreatedAt).ToListAsync(ct);

    private static JsonObject Total(string project, List<Instance> servers, DateTime start, DateTime stop, bool detailed)
    {
        var hours = servers.ConvertAll(server => Hours(server, start, stop));
        var document = new JsonObject
        {
            ["tenant_id"] = project,
            ["total_local_gb_usage"] = servers.Zip(hours, (server, spent) => server.DiskGiB * spent).Sum(),
            ["total_vcpus_usage"] = servers.Zip(hours, (server, spent) => server.Vcpus * spent).Sum(),
            ["total_memory_mb_usage"] = servers.Zip(hours, (server, spent) => server.MemoryMiB * spent).Sum(),
            ["total_hours"] = hours.Sum(),
            ["start"] = NovaJson.Microseconds(start),
            ["stop"] = NovaJson.Microseconds(stop),
        };
        if (detailed)
        {
            document["server_usages"] = NovaJson.Array(servers.Zip(hours, (server, spent) => One(server, spent, stop)));
        }

        return document;
    }

    private static double Hours(Instance server, DateTime start, DateTime stop)
    {
        var from = server.LaunchedAt > start ? server.LaunchedAt.Value : start;
        var until = server.VmState == VmState.Deleted && server.UpdatedAt < stop ? server.UpdatedAt.Value : stop;
        return Math.Max(0, (until - from).TotalHours);
    }

    private static JsonObject One(Instance server, double hours, DateTime stop)
    {
        var ended = server.VmState == VmState.Deleted;
        return new JsonObject
        {
            ["instance_id"] = server.Uuid.ToString(),
            ["name"] = server.DisplayName,
            ["hours"] = hours,
            ["flavor"] = Servers.ServerDocument.FlavorOf(server),
            ["vcpus"] = server.Vcpus,
            ["memory_mb"] = server.MemoryMiB,
            ["local_gb"] = server.DiskGiB,
            ["tenant_id"] = server.ProjectId,
            ["started_at"] = NovaJson.Microseconds(server.LaunchedAt),
            ["ended_at"] = ended ? NovaJson.Microseconds(server.UpdatedAt) : null,
            ["state"] = ended ? "terminated" : server.VmState.ToNova(),
            ["uptime"] = (long)((ended ? server.UpdatedAt : stop) - server.LaunchedAt)!.Value.TotalSeconds,
        };
    }
}
