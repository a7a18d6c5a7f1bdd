using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Networks;

/// <summary>What Neutron's clients ask before they ask for networks: versions, resources, extensions, agents, quotas.</summary>
internal static class NetworkVersions
{
    private static readonly (string Name, string Alias)[] Extensions =
    [
        ("Provider Network", "provider"), ("Network MTU", "net-mtu"), ("Port Binding", "binding"), ("agent", "agent"),
        ("Quota management support", "quotas"), ("project_id field enabled", "project-id"), ("Filter parameters validation", "filter-validation"),
    ];

    private static readonly string[] Resources = ["network", "subnet", "port"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/network", (HttpContext context) => NovaJson.Ok(new JsonObject
        {
            ["versions"] = new JsonArray(new JsonObject
            {
                ["id"] = "v2.0", ["status"] = "CURRENT", ["links"] = new JsonArray(Self(context, "v2.0/")),
            }),
        })).WithTags("Networks").WithName("ListNetworkVersions").WithSummary("The versions of the network API.");
        routes.MapGet("/network/v2.0", (HttpContext context) => NovaJson.Ok(new JsonObject
        {
            ["resources"] = NovaJson.Array(Resources.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name, ["collection"] = name + "s", ["links"] = new JsonArray(Self(context, $"v2.0/{name}s")),
            })),
        })).WithTags("Networks").WithName("ListNetworkResources").WithSummary("What the network API has.");
        routes.MapGet("/network/v2.0/extensions", () => NovaJson.Ok(new JsonObject
        {
            ["extensions"] = NovaJson.Array(Extensions.Select(extension => (JsonNode)Extension(extension))),
        })).WithTags("Networks").WithName("ListNetworkExtensions").WithSummary("The extensions of the network API.");
        routes.MapGet("/network/v2.0/extensions/{alias}", (string alias) =>
                Extensions.FirstOrDefault(extension => extension.Alias.Equals(alias, StringComparison.Ordinal)) is { Alias: not null } found
                    ? NovaJson.Ok(new JsonObject { ["extension"] = Extension(found) })
                    : NeutronFault.NotFound("Extension", alias))
            .WithTags("Networks").WithName("ShowNetworkExtension").WithSummary("One extension of the network API.");
        routes.MapGet("/network/v2.0/agents", () => NovaJson.Ok(new JsonObject { ["agents"] = new JsonArray() }))
            .WithTags("Networks").WithName("ListNetworkAgents").WithSummary("Agents of networks: hosts carry none.");
        routes.MapGet("/network/v2.0/security-groups", () => NovaJson.Ok(new JsonObject { ["security_groups"] = new JsonArray() }))
            .WithTags("Networks").WithName("ListSecurityGroups").WithSummary("Security groups: there are none.");
        routes.MapGet("/network/v2.0/quotas/{project}", () => NovaJson.Ok(new JsonObject
        {
            ["quota"] = new JsonObject { ["network"] = -1, ["subnet"] = -1, ["port"] = -1 },
        })).WithTags("Networks").WithName("ShowNetworkQuota").WithSummary("How many networks a project may have: no bound.");
    }

    private static JsonObject Extension((string Name, string Alias) extension) => new()
    {
        ["name"] = extension.Name,
        ["alias"] = extension.Alias,
        ["description"] = extension.Name,
        ["updated"] = "2015-01-01T10:00:00-00:00",
        ["links"] = new JsonArray(),
    };

    private static JsonObject Self(HttpContext context, string path) =>
        new() { ["rel"] = "self", ["href"] = $"{Links.Origin(context)}/network/{path}" };
}
