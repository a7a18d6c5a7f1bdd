using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Limits;

/// <summary><c>GET /os-quota-sets/{project}</c>, <c>/defaults</c> and <c>/detail</c>: there are no quotas, and this says so.</summary>
internal static class ShowQuotas
{
    // Those of things that are not here came to an end in these versions.
    private static readonly (string Name, int Until)[] Gone =
    [
        ("fixed_ips", 36), ("floating_ips", 36), ("security_groups", 36), ("security_group_rules", 36),
        ("injected_files", 57), ("injected_file_content_bytes", 57), ("injected_file_path_bytes", 57),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        Named(routes.MapGet("/v2.1/os-quota-sets/{project}", (HttpContext context, string project) => Plain(context, project, "show")), "ShowQuotas", "A project's quotas.");
        Named(routes.MapGet("/v2.1/os-quota-sets/{project}/defaults", (HttpContext context, string project) => Plain(context, project, "defaults")), "ShowDefaultQuotas", "The quotas of a project that has none of its own.");
        Named(routes.MapGet("/v2.1/os-quota-sets/{project}/detail", DetailAsync), "ShowQuotasInDetail", "A project's quotas, and what it uses.");
    }

    private static void Named(RouteHandlerBuilder route, string name, string summary) => route.WithTags("Limits").WithName(name).WithSummary(summary);

    private static IResult Plain(HttpContext context, string project, string verb)
    {
        context.Demand($"os_compute_api:os-quota-sets:{verb}");
        var set = new JsonObject { ["id"] = project };
        foreach (var (name, limit) in Limits(context.Version()))
        {
            set[name] = limit;
        }

        return NovaJson.Ok(new JsonObject { ["quota_set"] = set });
    }

    private static async Task<IResult> DetailAsync(HttpContext context, string project, ControlPlaneDbContext db, CancellationToken ct)
    {
        context.Demand("os_compute_api:os-quota-sets:detail");
        var used = await ProjectUse.ReadAsync(db, project, ct);
        var set = new JsonObject { ["id"] = project };
        foreach (var (name, limit) in Limits(context.Version()))
        {
            set[name] = new JsonObject
            {
                ["limit"] = limit,
                ["in_use"] = name switch
                {
                    "instances" => used.Instances,
                    "cores" => used.Cores,
                    "ram" => used.MemoryMiB,
                    "server_groups" => used.ServerGroups,
                    _ => 0,
                },
                ["reserved"] = 0,
            };
        }

        return NovaJson.Ok(new JsonObject { ["quota_set"] = set });
    }

    private static IEnumerable<(string Name, int Limit)> Limits(Microversion version) =>
    [
        ("cores", ProjectUse.Unlimited), ("instances", ProjectUse.Unlimited), ("key_pairs", 0), ("metadata_items", ServerMetadata.MaxItems),
        ("ram", ProjectUse.Unlimited), ("server_group_members", ProjectUse.Unlimited), ("server_groups", ProjectUse.Unlimited),
        .. Gone.Where(gone => !version.AtLeast(gone.Until)).Select(gone => (gone.Name, 0)),
    ];
}
