using System.Text.Json.Nodes;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Networks;

/// <summary><c>GET /network/v2.0/networks</c> and <c>/subnets</c>, in the place of Neutron: those of the settings.</summary>
internal static class ListNetworks
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/network/v2.0/networks", (HttpContext context, ApiSettings settings) =>
                NeutronList.Networks.Answer(context, Networks(settings)))
            .WithTags("Networks").WithName("ListNetworks").WithSummary("Networks that servers can be plugged into, as Neutron shows them.");
        routes.MapGet("/network/v2.0/networks/{id}", (string id, ApiSettings settings) => NeutronList.Networks.One("network", id, Networks(settings)))
            .WithTags("Networks").WithName("ShowNetwork").WithSummary("One network.");
        routes.MapGet("/network/v2.0/subnets", (HttpContext context, ApiSettings settings) =>
                NeutronList.Subnets.Answer(context, Subnets(settings)))
            .WithTags("Networks").WithName("ListSubnets").WithSummary("The addresses in use on networks.");
        routes.MapGet("/network/v2.0/subnets/{id}", (string id, ApiSettings settings) => NeutronList.Subnets.One("subnet", id, Subnets(settings)))
            .WithTags("Networks").WithName("ShowSubnet").WithSummary("The addresses in use on one network.");
    }

    private static IEnumerable<JsonObject> Networks(ApiSettings settings) =>
        settings.Servers.Networks.Select(network => NetworkDocument.Network(network, settings.ProjectId));

    private static IEnumerable<JsonObject> Subnets(ApiSettings settings) =>
        settings.Servers.Networks.Select(network => NetworkDocument.Subnet(network, settings.ProjectId)).OfType<JsonObject>();
}
