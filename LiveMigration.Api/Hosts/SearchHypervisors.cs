using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Hosts;

/// <summary><c>GET /os-hypervisors/{pattern}/search</c> and <c>/servers</c>, up to 2.52.</summary>
internal static class SearchHypervisors
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "search", withServers: false).WithName("SearchHypervisors").WithSummary("Hosts whose name contains a text.");
        Map(routes, "servers", withServers: true).WithName("SearchHypervisorServers").WithSummary("The same, with their servers.");
    }

    /// <summary>The hosts whose own name contains this text.</summary>
    /// <exception cref="HttpFault">404: none does.</exception>
    public static async Task<IReadOnlyList<HypervisorReport>> FindAsync(
        ControlPlaneDbContext db, LiveMigrationSettings settings, string pattern, CancellationToken ct)
    {
        var found = await HypervisorReport.ReadAsync(
            db, settings, db.ComputeNodes.Where(node => node.Configured && node.HypervisorHostname.Contains(pattern)), ct);
        return found.Count > 0 ? found : throw HttpFault.NotFound($"No hypervisor matching '{pattern}' could be found.");
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string verb, bool withServers) => routes
        .MapGet(
            "/v2.1/os-hypervisors/{pattern}/" + verb,
            async (HttpContext context, string pattern, ControlPlaneDbContext db, LiveMigrationSettings settings, CancellationToken ct) =>
            {
                context.Demand("os_compute_api:os-hypervisors:" + verb);
                var found = await FindAsync(db, settings, pattern, ct);
                return NovaJson.Ok(new JsonObject
                {
                    ["hypervisors"] = NovaJson.Array(found.Select(report =>
                        HypervisorDocument.Brief(report, context.Version(), withServers))),
                });
            })
        .MaximumVersion(2, 52)
        .WithTags("Hosts");
}
