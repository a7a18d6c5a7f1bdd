using System.Text.Json.Nodes;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.ConfigDrives;

/// <summary>
/// The medium from which a guest learns who it is: an image labelled <c>config-2</c> with OpenStack's files, as cloud-init
/// and its like look for it. Made of the server's record alone, so it is the same bytes as often as it is made.
/// </summary>
public static class ConfigDrive
{
    private const string Label = "config-2";
    private const string Ending = ".config.iso";

    // The newest version that cloud-init asks for by its date; others take "latest".
    private static readonly string[] Versions = ["2018-08-27", "latest"];

    /// <summary>The name of a server's own, in the folder of its disks.</summary>
    public static string NameOf(Guid server) => $"{server}{Ending}";

    /// <summary>True for a server's own: it rests on nothing, and no other guest can need it.</summary>
    public static bool IsOf(Guid server, string path) => string.Equals(Path.GetFileName(path), NameOf(server), StringComparison.Ordinal);

    /// <summary>The image.</summary>
    /// <param name="server">The server.</param>
    /// <param name="zone">The availability zone of its host.</param>
    /// <param name="networks">What servers can be plugged into.</param>
    public static byte[] Write(Instance server, string zone, IReadOnlyList<GuestNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(server);
        var (about, plugged) = (Bytes(MetaData(server, zone)), Bytes(NetworkData(server, networks)));
        List<IsoFile> files = [];
        foreach (var folder in Versions.Select(version => $"openstack/{version}"))
        {
            files.Add(new IsoFile($"{folder}/meta_data.json", about));
            files.Add(new IsoFile($"{folder}/network_data.json", plugged));
            if (server.Origin.UserData is { } told)
            {
                files.Add(new IsoFile($"{folder}/user_data", Convert.FromBase64String(told)));
            }
        }

        return IsoImage.Write(Label, server.CreatedAt, files);
    }

    // Nova adds a random seed. One that is stored beside the guest's disk is no secret, and worse than none.
    private static JsonObject MetaData(Instance server, string zone) => new()
    {
        ["uuid"] = server.Uuid.ToString(),
        ["name"] = server.DisplayName,
        ["hostname"] = server.Origin.Hostname ?? server.DomainName,
        ["availability_zone"] = zone,
        ["launch_index"] = server.Origin.LaunchIndex,
        ["project_id"] = server.ProjectId,
        ["meta"] = new JsonObject(server.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["devices"] = new JsonArray(),
    };

    private static JsonObject NetworkData(Instance server, IReadOnlyList<GuestNetwork> networks)
    {
        var (links, addresses) = (new JsonArray(), new JsonArray());
        foreach (var (number, nic) in server.Origin.Nics.Index())
        {
            var network = networks.FirstOrDefault(known => known.Id == nic.Network);
            links.Add(new JsonObject
            {
                ["id"] = $"interface{number}",
                ["vif_id"] = PortId.Of(server.Uuid, nic.Mac).ToString(),
                ["type"] = "bridge",
                ["mtu"] = network?.Mtu,
                ["ethernet_mac_address"] = nic.Mac,
            });
            addresses.Add(new JsonObject
            {
                ["id"] = $"network{number}",
                // Addresses are given out by whoever serves the bridge.
                ["type"] = network?.Cidr?.Contains(':', StringComparison.Ordinal) == true ? "ipv6_dhcp" : "ipv4_dhcp",
                ["link"] = $"interface{number}",
                ["network_id"] = nic.Network.ToString(),
            });
        }

        return new JsonObject { ["links"] = links, ["networks"] = addresses, ["services"] = new JsonArray() };
    }

    private static byte[] Bytes(JsonObject document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
}
