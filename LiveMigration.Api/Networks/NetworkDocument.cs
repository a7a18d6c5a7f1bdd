using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Core.Images;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Api.Networks;

/// <summary>Networks, their addresses and what is plugged into them, as Neutron shows them.</summary>
internal static class NetworkDocument
{
    // Neutron tells when a thing was made; these come of the settings and are always there.
    private const string Always = "2026-01-01T00:00:00Z";

    public static JsonObject Network(GuestNetwork network, string project) => new()
    {
        ["id"] = network.Id.ToString(),
        ["name"] = network.Name,
        ["tenant_id"] = project,
        ["admin_state_up"] = true,
        ["mtu"] = network.Mtu,
        ["status"] = "ACTIVE",
        ["subnets"] = network.Cidr is null ? new JsonArray() : new JsonArray(SubnetId(network).ToString()),
        ["shared"] = true,
        ["availability_zone_hints"] = new JsonArray(),
        ["availability_zones"] = new JsonArray(),
        ["ipv4_address_scope"] = null,
        ["ipv6_address_scope"] = null,
        ["router:external"] = false,
        ["description"] = "",
        ["port_security_enabled"] = false,
        ["tags"] = new JsonArray(),
        ["created_at"] = Always,
        ["updated_at"] = Always,
        ["revision_number"] = 1,
        ["project_id"] = project,
        ["provider:network_type"] = "flat",
        ["provider:physical_network"] = network.Bridge,
        ["provider:segmentation_id"] = null,
    };

    public static JsonObject? Subnet(GuestNetwork network, string project)
    {
        if (network.Cidr is not { } cidr)
        {
            return null;
        }

        var isOld = System.Net.IPNetwork.Parse(cidr).BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        return new JsonObject
        {
            ["id"] = SubnetId(network).ToString(),
            ["name"] = network.Name,
            ["tenant_id"] = project,
            ["network_id"] = network.Id.ToString(),
            ["ip_version"] = isOld ? 4 : 6,
            ["subnetpool_id"] = null,
            ["enable_dhcp"] = false,
            ["ipv6_ra_mode"] = null,
            ["ipv6_address_mode"] = null,
            ["gateway_ip"] = null,
            ["cidr"] = cidr,
            ["allocation_pools"] = new JsonArray(),
            ["host_routes"] = new JsonArray(),
            ["dns_nameservers"] = new JsonArray(),
            ["description"] = "",
            ["service_types"] = new JsonArray(),
            ["tags"] = new JsonArray(),
            ["created_at"] = Always,
            ["updated_at"] = Always,
            ["revision_number"] = 0,
            ["project_id"] = project,
        };
    }

    public static IEnumerable<JsonObject> Ports(Instance server) => server.Origin.Nics.Select(nic => new JsonObject
    {
        ["id"] = PortId.Of(server.Uuid, nic.Mac).ToString(),
        ["name"] = "",
        ["network_id"] = nic.Network.ToString(),
        ["tenant_id"] = server.ProjectId,
        ["mac_address"] = nic.Mac,
        ["admin_state_up"] = true,
        ["status"] = server.PowerState == PowerState.Running ? "ACTIVE" : "DOWN",
        ["device_id"] = server.Uuid.ToString(),
        ["device_owner"] = "compute:nova",
        ["fixed_ips"] = new JsonArray(),
        ["allowed_address_pairs"] = new JsonArray(),
        ["extra_dhcp_opts"] = new JsonArray(),
        ["security_groups"] = new JsonArray(),
        ["description"] = "",
        ["binding:vnic_type"] = "normal",
        ["binding:profile"] = new JsonObject(),
        ["binding:host_id"] = server.Host,
        ["binding:vif_type"] = "bridge",
        ["binding:vif_details"] = new JsonObject { ["connectivity"] = "l2", ["port_filter"] = false },
        ["port_security_enabled"] = false,
        ["tags"] = new JsonArray(),
        ["created_at"] = Time(server.CreatedAt),
        ["updated_at"] = Time(server.UpdatedAt ?? server.CreatedAt),
        ["revision_number"] = 1,
        ["project_id"] = server.ProjectId,
    });

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Guid SubnetId(GuestNetwork network) => NameBasedId.Of("subnet", $"{network.Id}/{network.Cidr}");
}
