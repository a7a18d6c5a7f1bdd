using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-hypervisors/statistics</c>: the sum over all hosts, up to 2.87.</summary>
internal static class ShowHypervisorStatistics
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/os-hypervisors/statistics", async (
            HttpContext context, ControlPlaneDbContext db, LiveMigrationSettings settings, CancellationToken ct) =>
        {
            context.Demand("os_compute_api:os-hypervisors:statistics");
            // Nova leaves disabled hosts out of the sum.
            var hosts = await HypervisorReport.ReadAsync(db, settings, db.ComputeNodes.Where(node => node.Configured && node.Enabled), ct);
            var sum = new JsonObject { ["count"] = hosts.Count };
            foreach (var host in hosts)
            {
                var one = new JsonObject();
                HypervisorDocument.AddNumbers(one, host);
                foreach (var (key, value) in one)
                {
                    sum[key] = (sum[key] is { } before ? Number(before) : 0) + Number(value!);
                }
            }

            return NovaJson.Ok(new JsonObject { ["hypervisor_statistics"] = sum });
        })
        .MaximumVersion(2, 87)
        .WithTags("Hosts").WithName("ShowHypervisorStatistics").WithSummary("The sum over all hosts.");

    private static long Number(JsonNode node) =>
        node.AsValue().TryGetValue<long>(out var number) ? number : node.GetValue<int>();
}
