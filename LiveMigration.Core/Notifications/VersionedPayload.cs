using System.Text.Json.Nodes;

namespace LiveMigration.Core.Notifications;

/// <summary>Payloads of the versioned family: objects with name and version. What we have not is null or empty, as in Nova.</summary>
internal static class VersionedPayload
{
    public static JsonObject Of(NotificationFacts facts) => facts.Occurrence.What.Content switch
    {
        Content.RequestSpec => RequestSpec(facts),
        Content.ConductorFailure => ComputeTask(facts),
        Content.Exception => Failure(facts),
        Content.StateChange => Wrap("InstanceUpdatePayload", "2.1", StateChange(facts)),
        Content.Creation or Content.Created or Content.CreationFailure => Wrap("InstanceCreatePayload", "1.13", Creation(facts)),
        _ => Wrap("InstanceActionPayload", "1.9", Action(facts)),
    };

    private static JsonObject Wrap(string name, string version, JsonObject data) => new()
    {
        ["nova_object.namespace"] = "nova",
        ["nova_object.name"] = name,
        ["nova_object.version"] = version,
        ["nova_object.data"] = data,
    };

    private static JsonObject Action(NotificationFacts facts)
    {
        var data = Instance(facts);
        data["fault"] = facts.Occurrence.What.Content == Content.CreationFailure ? Failure(facts) : null;
        return data;
    }

    private static JsonObject Creation(NotificationFacts facts)
    {
        var data = Action(facts);
        data["keypairs"] = new JsonArray();
        data["tags"] = Tags(facts);
        data["trusted_image_certificates"] = null;
        data["instance_name"] = facts.Instance.DomainName;
        return data;
    }

    private static JsonObject StateChange(NotificationFacts facts)
    {
        var data = Instance(facts);
        data["audit_period"] = Wrap("AuditPeriodPayload", "1.0", new JsonObject
        {
            ["audit_period_beginning"] = NotificationTimes.Versioned(NotificationTimes.AuditBegin(facts.Now)),
            ["audit_period_ending"] = NotificationTimes.Versioned(facts.Now),
        });
        data["old_display_name"] = null;
        data["state_update"] = Wrap("InstanceStateUpdatePayload", "1.0", new JsonObject
        {
            ["old_state"] = facts.OldVmState,
            ["state"] = facts.VmState,
            ["old_task_state"] = facts.Occurrence.OldTaskState,
            ["new_task_state"] = facts.TaskState,
        });
        data["tags"] = Tags(facts);
        return data;
    }

    private static JsonArray Tags(NotificationFacts facts) => [.. facts.Instance.Tags.Select(tag => (JsonNode)tag)];

    private static JsonObject Instance(NotificationFacts facts)
    {
        var (instance, deed) = (facts.Instance, facts.Deed);
        return new JsonObject
        {
            ["uuid"] = instance.Uuid.ToString(),
            ["user_id"] = instance.UserId,
            ["tenant_id"] = instance.ProjectId,
            ["reservation_id"] = instance.Origin.ReservationId,
            ["display_name"] = instance.DisplayName,
            ["display_description"] = instance.Description,
            ["host_name"] = facts.Hostname,
            ["host"] = facts.Host,
            ["node"] = facts.Node,
            ["availability_zone"] = facts.Zone,
            ["os_type"] = null,
            ["architecture"] = null,
            ["image_uuid"] = instance.ImageId?.ToString() ?? "",
            ["key_name"] = instance.Origin.KeyName,
            ["kernel_id"] = "",
            ["ramdisk_id"] = "",
            ["created_at"] = NotificationTimes.Versioned(instance.CreatedAt),
            ["launched_at"] = NotificationTimes.Versioned(instance.LaunchedAt),
            ["terminated_at"] = NotificationTimes.Versioned(instance.DeletedAt),
            ["deleted_at"] = NotificationTimes.Versioned(instance.DeletedAt),
            ["updated_at"] = NotificationTimes.Versioned(instance.UpdatedAt),
            ["state"] = facts.VmState,
            ["task_state"] = facts.TaskState,
            ["power_state"] = facts.PowerState,
            ["progress"] = instance.Progress,
            ["metadata"] = LegacyPayload.Metadata(instance),
            ["locked"] = instance.Locked,
            ["locked_reason"] = instance.LockedReason,
            ["auto_disk_config"] = instance.Origin.DiskConfig,
            ["ip_addresses"] = new JsonArray(),
            ["block_devices"] = new JsonArray(),
            ["flavor"] = Flavor(facts),
            ["request_id"] = deed.RequestId,
            ["action_initiator_user"] = deed.UserId,
            ["action_initiator_project"] = deed.ProjectId,
            ["shares"] = new JsonArray(),
        };
    }

    private static JsonObject Flavor(NotificationFacts facts) => Wrap("FlavorPayload", "1.4", new JsonObject
    {
        ["flavorid"] = facts.Flavor,
        ["name"] = facts.FlavorName,
        ["root_gb"] = facts.RootGiB,
        ["vcpus"] = facts.Instance.Vcpus,
        ["ephemeral_gb"] = facts.Instance.Origin.EphemeralGiB,
        ["memory_mb"] = facts.Instance.MemoryMiB,
        ["disabled"] = false,
        ["rxtx_factor"] = JsonNode.Parse("1.0"),
        ["extra_specs"] = new JsonObject(facts.Instance.Origin.ExtraSpecs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["projects"] = null,
        ["swap"] = facts.Instance.Origin.SwapMiB,
        ["is_public"] = true,
        ["vcpu_weight"] = 0,
        ["description"] = null,
    });

    private static JsonObject RequestSpec(NotificationFacts facts) => Wrap("RequestSpecPayload", "1.1", new JsonObject
    {
        ["instance_uuid"] = facts.Instance.Uuid.ToString(),
        ["availability_zone"] = null,
        ["flavor"] = Flavor(facts),
        ["ignore_hosts"] = new JsonArray([.. facts.Occurrence.IgnoreHosts.Select(host => (JsonNode)host)]),
        ["image"] = null,
        ["num_instances"] = 1,
        ["numa_topology"] = null,
        ["pci_requests"] = null,
        ["project_id"] = facts.Instance.ProjectId,
        ["user_id"] = facts.Instance.UserId,
        ["scheduler_hints"] = new JsonObject(),
        ["security_groups"] = new JsonArray(),
        ["force_hosts"] = null,
        ["force_nodes"] = null,
        ["instance_group"] = null,
        ["requested_destination"] = facts.Occurrence.RequestedHost is { } host
            ? Wrap("DestinationPayload", "1.0", new JsonObject { ["aggregates"] = null, ["cell"] = null, ["host"] = host, ["node"] = null })
            : null,
        ["retry"] = null,
    });

    private static JsonObject ComputeTask(NotificationFacts facts) => Wrap("ComputeTaskPayload", "1.0", new JsonObject
    {
        ["instance_uuid"] = facts.Instance.Uuid.ToString(),
        ["request_spec"] = RequestSpec(facts),
        ["state"] = facts.VmState,
        ["reason"] = Failure(facts),
    });

    private static JsonObject Failure(NotificationFacts facts) => Wrap("ExceptionPayload", "1.1", new JsonObject
    {
        ["module_name"] = "livemigration",
        ["function_name"] = facts.Occurrence.Function,
        ["exception"] = facts.ErrorClass,
        ["exception_message"] = facts.Occurrence.Error,
        ["traceback"] = "",
    });
}
