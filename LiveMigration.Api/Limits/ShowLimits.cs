using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Persistence;

namespace LiveMigration.Api.Limits;

/// <summary><c>GET /limits</c>: what a project may use, which is as much as there is, and what it uses.</summary>
internal static class ShowLimits
{
    private static readonly QuerySchema Parameters = new(75, new("reserved"), new("tenant_id"));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/limits", async (HttpContext context, ControlPlaneDbContext db, CancellationToken ct) =>
        {
            var query = Parameters.Read(context);
            context.Demand("os_compute_api:limits");
            var caller = context.Caller();
            var project = query["tenant_id"] is { Length: > 0 } other && caller.IsAdmin ? other : caller.ProjectId;
            var used = await ProjectUse.ReadAsync(db, project, ct);
            return NovaJson.Ok(new JsonObject
            {
                ["limits"] = new JsonObject { ["rate"] = new JsonArray(), ["absolute"] = Absolute(used, context.Version()) },
            });
        })
        .WithTags("Limits").WithName("ShowLimits").WithSummary("What the project may use, and what it uses.");

    private static JsonObject Absolute(ProjectUse used, Microversion version)
    {
        var limits = new JsonObject
        {
            ["maxTotalInstances"] = ProjectUse.Unlimited,
            ["maxTotalCores"] = ProjectUse.Unlimited,
            ["maxTotalRAMSize"] = ProjectUse.Unlimited,
            ["maxServerMeta"] = ServerMetadata.MaxItems,
            ["maxTotalKeypairs"] = 0,
            ["maxServerGroups"] = ProjectUse.Unlimited,
            ["maxServerGroupMembers"] = ProjectUse.Unlimited,
            ["totalInstancesUsed"] = used.Instances,
            ["totalCoresUsed"] = used.Cores,
            ["totalRAMUsed"] = used.MemoryMiB,
            ["totalServerGroupsUsed"] = used.ServerGroups,
        };
        AddUntil(39, "maxImageMeta", ServerMetadata.MaxItems);
        AddUntil(57, "maxPersonality", 0);
        AddUntil(57, "maxPersonalitySize", 0);
        AddUntil(36, "maxTotalFloatingIps", 0);
        AddUntil(36, "maxSecurityGroups", 0);
        AddUntil(36, "maxSecurityGroupRules", 0);
        AddUntil(36, "totalFloatingIpsUsed", 0);
        AddUntil(36, "totalSecurityGroupsUsed", 0);
        return limits;

        void AddUntil(int minor, string key, int value)
        {
            if (!version.AtLeast(minor))
            {
                limits[key] = value;
            }
        }
    }
}
