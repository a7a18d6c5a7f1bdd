using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Hosts;

/// <summary>A host as Nova's compute service.</summary>
internal static class ServiceDocument
{
    /// <summary>The only kind of service that there is here.</summary>
    public const string Binary = "nova-compute";

    public static JsonObject Of(ComputeNode node, string zone, Microversion version)
    {
        var document = new JsonObject
        {
            ["binary"] = Binary,
            ["host"] = node.Host,
            ["id"] = version.AtLeast(53) ? node.ServiceUuid.ToString() : node.Id,
            ["zone"] = zone,
            ["status"] = node.Enabled ? "enabled" : "disabled",
            ["state"] = node.IsUp ? "up" : "down",
            ["updated_at"] = NovaJson.Microseconds(node.LastSeenAt ?? node.UpdatedAt),
            // As Nova does of a host whose libvirt is gone: why it is down, where nobody has said anything else.
            ["disabled_reason"] = node.DisabledReason ?? (node.Connected ? null : node.ConnectionError),
        };
        if (version.AtLeast(11))
        {
            document["forced_down"] = node.ForcedDown;
        }

        return document;
    }
}
