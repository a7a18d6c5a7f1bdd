using System.Text.Json.Nodes;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Notifications;

/// <summary>Payloads of the unversioned family: flat. What we have not is null or empty, as in Nova.</summary>
internal static class LegacyPayload
{
    public static JsonObject Of(NotificationFacts facts) => facts.Occurrence.What.Content switch
    {
        Content.RequestSpec => new JsonObject { ["request_spec"] = RequestSpec(facts) },
        Content.ConductorFailure => ComputeTask(facts),
        Content.Exception => Failure(facts),
        Content.StateChange => StateChange(facts),
        Content.InstanceWithNetworks => WithNetworks(facts),
        Content.Creation => Creation(facts),
        Content.Created => Created(facts),
        Content.CreationFailure => CreationFailure(facts),
        _ => Instance(facts),
    };

    private static JsonObject Instance(NotificationFacts facts)
    {
        var instance = facts.Instance;
        return new JsonObject
        {
            ["tenant_id"] = instance.ProjectId,
            ["user_id"] = instance.UserId,
            ["instance_id"] = instance.Uuid.ToString(),
            ["display_name"] = instance.DisplayName,
            ["reservation_id"] = instance.Origin.ReservationId,
            ["hostname"] = facts.Hostname,
            ["instance_type"] = facts.FlavorName,
            ["instance_type_id"] = 0,
            ["instance_flavor_id"] = facts.Flavor,
            ["architecture"] = null,
            ["memory_mb"] = instance.MemoryMiB,
            ["disk_gb"] = facts.RootGiB + instance.Origin.EphemeralGiB,
            ["vcpus"] = instance.Vcpus,
            ["root_gb"] = facts.RootGiB,
            ["ephemeral_gb"] = instance.Origin.EphemeralGiB,
            ["host"] = facts.Host,
            ["node"] = facts.Node,
            ["availability_zone"] = facts.Zone,
            ["cell_name"] = "",
            ["created_at"] = NotificationTimes.LegacyCreated(instance.CreatedAt),
            ["terminated_at"] = NotificationTimes.Legacy(instance.DeletedAt),
            ["deleted_at"] = NotificationTimes.Legacy(instance.DeletedAt),
            ["launched_at"] = NotificationTimes.Legacy(instance.LaunchedAt),
            ["image_ref_url"] = "",
            ["os_type"] = null,
            ["kernel_id"] = "",
            ["ramdisk_id"] = "",
            ["state"] = facts.VmState,
            ["state_description"] = facts.TaskState ?? "",
            ["progress"] = instance.Progress == 0 ? "" : instance.Progress,
            ["access_ip_v4"] = Address(instance.AccessIpV4 ?? instance.Origin.AccessIPv4),
            ["access_ip_v6"] = Address(instance.AccessIpV6 ?? instance.Origin.AccessIPv6),
            ["image_meta"] = instance.ImageId is { } image ? new JsonObject { ["base_image_ref"] = image.ToString() } : new JsonObject(),
            ["metadata"] = Metadata(instance),
        };
    }

    /// <summary>What users note of it; in both families alike.</summary>
    internal static JsonObject Metadata(Instance instance) => new(instance.Metadata
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static JsonNode? Address(string text) => text.Length == 0 ? null : (JsonNode)text;

    private static JsonObject Creation(NotificationFacts facts)
    {
        var payload = Instance(facts);
        payload["image_name"] = facts.ImageName;
        return payload;
    }

    private static JsonObject Created(NotificationFacts facts)
    {
        var payload = WithNetworks(facts);
        payload["message"] = "Success";
        return payload;
    }

    private static JsonObject CreationFailure(NotificationFacts facts)
    {
        var payload = Instance(facts);
        payload["exception"] = facts.ErrorClass;
        payload["message"] = facts.Occurrence.Error;
        payload["code"] = 500;
        return payload;
    }

    private static JsonObject WithNetworks(NotificationFacts facts)
    {
        var payload = Instance(facts);
        payload["fixed_ips"] = new JsonArray();
        return payload;
    }

    private static JsonObject StateChange(NotificationFacts facts)
    {
        var payload = Instance(facts);
        payload["old_state"] = facts.OldVmState;
        payload["old_task_state"] = facts.Occurrence.OldTaskState;
        payload["new_task_state"] = facts.TaskState;
        payload["audit_period_beginning"] = NotificationTimes.Legacy(NotificationTimes.AuditBegin(facts.Now));
        payload["audit_period_ending"] = NotificationTimes.Legacy(facts.Now);
        return payload;
    }

    private static JsonObject RequestSpec(NotificationFacts facts) => new()
    {
        ["num_instances"] = 1,
        ["image"] = new JsonObject(),
        ["instance_type"] = InstanceType(facts),
        ["instance_properties"] = Properties(facts),
        ["ignore_hosts"] = new JsonArray([.. facts.Occurrence.IgnoreHosts.Select(host => (JsonNode)host)]),
    };

    private static JsonObject InstanceType(NotificationFacts facts) => new()
    {
        ["flavorid"] = facts.Flavor,
        ["name"] = facts.FlavorName,
        ["memory_mb"] = facts.Instance.MemoryMiB,
        ["vcpus"] = facts.Instance.Vcpus,
        ["root_gb"] = facts.RootGiB,
        ["ephemeral_gb"] = facts.Instance.Origin.EphemeralGiB,
        ["swap"] = facts.Instance.Origin.SwapMiB,
    };

    private static JsonObject Properties(NotificationFacts facts) => new()
    {
        ["uuid"] = facts.Instance.Uuid.ToString(),
        ["project_id"] = facts.Instance.ProjectId,
        ["user_id"] = facts.Instance.UserId,
        ["host"] = facts.Host,
    };

    private static JsonObject ComputeTask(NotificationFacts facts) => new()
    {
        ["request_spec"] = RequestSpec(facts),
        ["instance_properties"] = Properties(facts),
        ["instance_id"] = facts.Instance.Uuid.ToString(),
        ["state"] = facts.VmState,
        ["method"] = facts.Occurrence.Function,
        ["reason"] = facts.Occurrence.Error,
    };

    private static JsonObject Failure(NotificationFacts facts) => new()
    {
        ["exception"] = facts.Occurrence.Error,
        ["args"] = new JsonObject { ["instance"] = facts.Instance.Uuid.ToString(), ["migration"] = facts.Deed.Uuid.ToString() },
    };
}
