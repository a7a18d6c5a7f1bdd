using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Flavors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Servers;

/// <summary>
/// A server as Nova shows it, key by key and version by version. What only a cloud has (image, flavor, networks) gets
/// Nova's own empty value, or is derived from the guest.
/// </summary>
internal static class ServerDocument
{
    /// <summary>The item of a brief list.</summary>
    public static JsonObject Brief(HttpContext context, Guid uuid, string name) => new()
    {
        ["id"] = uuid.ToString(),
        ["name"] = name,
        ["links"] = Links.Of(context, $"servers/{uuid}"),
    };

    /// <summary>The full document.</summary>
    /// <param name="context">The request.</param>
    /// <param name="server">The instance.</param>
    /// <param name="around">What else there is to be shown of it.</param>
    /// <param name="alone">True when it is shown alone: some keys are not in lists.</param>
    public static JsonObject Full(HttpContext context, Instance server, ServerSurroundings around, bool alone)
    {
        var version = context.Version();
        var status = ServerWords.Status(server.VmState, server.TaskState);
        var document = Head(context, server, status);
        if (status is "ACTIVE" or "MIGRATING" or "BUILD")
        {
            document["progress"] = server.Progress;
        }

        if (status is "ERROR" or "DELETED" && server.FaultCode is { } code)
        {
            document["fault"] = new JsonObject
            {
                ["code"] = code,
                ["created"] = NovaJson.Seconds(server.FaultAt ?? server.CreatedAt),
                ["message"] = server.FaultMessage,
            };
        }

        AddPlacement(document, server, around);
        AddAttributes(context, document, server, around);
        AddStates(document, server);
        AddHostStatus(context, document, server, around);
        AddLater(document, server, around, version, alone);
        return document;
    }

    /// <summary>The id of its flavor: that which it was made in, or the one that a guest's shape amounts to.</summary>
    public static string FlavorOf(Instance server) => server.FlavorId ?? DerivedFlavor.IdOf(server.MemoryMiB, server.Vcpus);

    private static JsonObject Head(HttpContext context, Instance server, string status) => new()
    {
        ["id"] = server.Uuid.ToString(),
        ["name"] = server.DisplayName,
        ["status"] = status,
        ["tenant_id"] = server.ProjectId,
        ["user_id"] = server.UserId,
        ["metadata"] = ServerMetadata.Document(server.Metadata),
        ["hostId"] = HostId.Of(server.ProjectId, server.Host),
        ["image"] = server.ImageId is { } image
            ? new JsonObject { ["id"] = image.ToString(), ["links"] = new JsonArray(Links.Bookmark(context, $"images/{image}")) }
            : "",
        ["flavor"] = Flavor(context, server),
        ["created"] = NovaJson.Seconds(server.CreatedAt),
        ["updated"] = NovaJson.Seconds(server.UpdatedAt ?? server.CreatedAt),
        ["addresses"] = new JsonObject(),
        ["accessIPv4"] = server.AccessIpV4 ?? server.Origin.AccessIPv4,
        ["accessIPv6"] = server.AccessIpV6 ?? server.Origin.AccessIPv6,
        ["links"] = Links.Of(context, $"servers/{server.Uuid}"),
        ["OS-DCF:diskConfig"] = server.Origin.DiskConfig,
    };

    private static JsonObject Flavor(HttpContext context, Instance server) => context.Version().AtLeast(47)
        ? new JsonObject
        {
            ["vcpus"] = server.Vcpus,
            ["ram"] = server.MemoryMiB,
            ["disk"] = server.IsMade ? server.Origin.RootGiB : server.DiskGiB,
            ["ephemeral"] = server.Origin.EphemeralGiB,
            ["swap"] = server.Origin.SwapMiB,
            ["original_name"] = server.FlavorName ?? FlavorOf(server),
            ["extra_specs"] = new JsonObject(server.Origin.ExtraSpecs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        }
        : new JsonObject
        {
            ["id"] = FlavorOf(server),
            ["links"] = new JsonArray(Links.Bookmark(context, $"flavors/{FlavorOf(server)}")),
        };

    private static void AddPlacement(JsonObject document, Instance server, ServerSurroundings around)
    {
        document["OS-EXT-AZ:availability_zone"] = around.Zone;
        document["config_drive"] = server.Origin.HasConfigDrive ? "True" : "";
        document["key_name"] = server.Origin.KeyName;
        document["OS-SRV-USG:launched_at"] = NovaJson.Microseconds(server.LaunchedAt);
        document["OS-SRV-USG:terminated_at"] = NovaJson.Microseconds(server.DeletedAt);
    }

    // Where it runs is the operator's business; of its own names only the one that the guest itself knows is told to all.
    private static void AddAttributes(HttpContext context, JsonObject document, Instance server, ServerSurroundings around)
    {
        var version = context.Version();
        if (!context.Allows("os_compute_api:os-extended-server-attributes", PolicyTarget.Of(server)))
        {
            if (version.AtLeast(90))
            {
                document["OS-EXT-SRV-ATTR:hostname"] = server.Hostname ?? server.Origin.Hostname ?? server.DomainName;
            }

            return;
        }

        document["OS-EXT-SRV-ATTR:host"] = NullIfEmpty(server.Host);
        document["OS-EXT-SRV-ATTR:instance_name"] = server.DomainName;
        document["OS-EXT-SRV-ATTR:hypervisor_hostname"] = around.Node?.HypervisorHostname ?? NullIfEmpty(server.Host);
        if (version.AtLeast(3))
        {
            document["OS-EXT-SRV-ATTR:reservation_id"] = server.Origin.ReservationId;
            document["OS-EXT-SRV-ATTR:launch_index"] = server.Origin.LaunchIndex;
            document["OS-EXT-SRV-ATTR:hostname"] = server.Hostname ?? server.Origin.Hostname ?? server.DomainName;
            document["OS-EXT-SRV-ATTR:kernel_id"] = "";
            document["OS-EXT-SRV-ATTR:ramdisk_id"] = "";
            document["OS-EXT-SRV-ATTR:root_device_name"] = server.IsMade ? "/dev/vda" : null;
            document["OS-EXT-SRV-ATTR:user_data"] = server.Origin.UserData;
        }
    }

    private static void AddStates(JsonObject document, Instance server)
    {
        document["OS-EXT-STS:task_state"] = server.TaskState?.ToNova();
        document["OS-EXT-STS:vm_state"] = server.VmState.ToNova();
        document["OS-EXT-STS:power_state"] = (int)server.PowerState;
        document["os-extended-volumes:volumes_attached"] = new JsonArray();
    }

    private static void AddHostStatus(HttpContext context, JsonObject document, Instance server, ServerSurroundings around)
    {
        const string rule = "os_compute_api:servers:show:host_status";
        var target = PolicyTarget.Of(server);
        if (context.Version().AtLeast(16)
            && (context.Allows(rule, target) || (HostStatus(around.Node) is "UNKNOWN" && context.Allows(rule + ":unknown-only", target))))
        {
            document["host_status"] = HostStatus(around.Node);
        }
    }

    private static void AddLater(JsonObject document, Instance server, ServerSurroundings around, Microversion version, bool alone)
    {
        if (version.AtLeast(9))
        {
            document["locked"] = server.Locked;
        }

        if (version.AtLeast(73))
        {
            document["locked_reason"] = server.LockedReason;
        }

        if (version.AtLeast(19))
        {
            document["description"] = server.Description;
        }

        if (version.AtLeast(26))
        {
            document["tags"] = new JsonArray([.. server.Tags.Select(tag => JsonValue.Create(tag))]);
        }

        if (version.AtLeast(63))
        {
            document["trusted_image_certificates"] = null;
        }

        if (version.AtLeast(71) && alone)
        {
            document["server_groups"] = around.Group is { } group ? new JsonArray(JsonValue.Create(group.ToString())) : new JsonArray();
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string HostStatus(ComputeNode? node) => node switch
    {
        null => "UNKNOWN",
        { ForcedDown: true } => "DOWN",
        { Enabled: false } => "MAINTENANCE",
        { IsUp: true } => "UP",
        _ => "UNKNOWN",
    };
}
