using System.Text.Json.Nodes;
using LiveMigration.Core.Model;
using LiveMigration.Core.Notifications;
using Xunit;

namespace LiveMigration.Tests.Notifications;

/// <summary>Payloads, key by key, as consumers of Nova's notifications read them.</summary>
public sealed class NotificationPayloadTests
{
    private const string Flavor = """
        {
          "nova_object.namespace": "nova", "nova_object.name": "FlavorPayload", "nova_object.version": "1.4",
          "nova_object.data": {
            "flavorid": "m256c2", "name": "m256c2", "root_gb": 3, "vcpus": 2, "ephemeral_gb": 0, "memory_mb": 256, "disabled": false,
            "rxtx_factor": 1.0, "extra_specs": {}, "projects": null, "swap": 0, "is_public": true, "vcpu_weight": 0, "description": null
          }
        }
        """;

    private const string VersionedInstance = $$"""
        "uuid": "178b0921-8f85-4257-88b6-2e743b5a975c", "user_id": "owner", "tenant_id": "project", "reservation_id": "",
        "display_name": "some-server", "display_description": "what it is for", "host_name": "domain-1", "host": "a", "node": "node-a",
        "availability_zone": "nova", "os_type": null, "architecture": null, "image_uuid": "", "key_name": null, "kernel_id": "",
        "ramdisk_id": "", "created_at": "2012-10-29T13:42:11Z", "launched_at": "2012-10-29T13:42:12Z", "terminated_at": null,
        "deleted_at": null, "updated_at": "2012-10-29T13:42:13Z", "state": "active", "task_state": "migrating", "power_state": "running",
        "progress": 0, "metadata": {}, "locked": false, "locked_reason": null, "auto_disk_config": "MANUAL", "ip_addresses": [],
        "block_devices": [], "flavor": {{Flavor}}, "request_id": "req-5b6c791d-5709-4f36-8fbe-c3e02869e35d",
        "action_initiator_user": "admin", "action_initiator_project": "admins", "shares": []
        """;

    private const string LegacyInstance = """
        "tenant_id": "project", "user_id": "owner", "instance_id": "178b0921-8f85-4257-88b6-2e743b5a975c", "display_name": "some-server",
        "reservation_id": "", "hostname": "domain-1", "instance_type": "m256c2", "instance_type_id": 0, "instance_flavor_id": "m256c2",
        "architecture": null, "memory_mb": 256, "disk_gb": 3, "vcpus": 2, "root_gb": 3, "ephemeral_gb": 0, "host": "a", "node": "node-a",
        "availability_zone": "nova", "cell_name": "", "created_at": "2012-10-29 13:42:11+00:00", "terminated_at": "", "deleted_at": "",
        "launched_at": "2012-10-29T13:42:12.000000", "image_ref_url": "", "os_type": null, "kernel_id": "", "ramdisk_id": "",
        "state": "active", "state_description": "migrating", "progress": "", "access_ip_v4": null, "access_ip_v6": null,
        "image_meta": {}, "metadata": {}
        """;

    private const string Exception = """
        {
          "nova_object.namespace": "nova", "nova_object.name": "ExceptionPayload", "nova_object.version": "1.1",
          "nova_object.data": {
            "module_name": "livemigration", "function_name": "pre_live_migration", "exception": "HypervisorRefused",
            "exception_message": "out of order", "traceback": ""
          }
        }
        """;

    private static readonly DateTime Now = new(2012, 10, 29, 13, 42, 20, DateTimeKind.Utc);

    [Fact]
    public void An_action_in_the_versioned_family() => ShouldBe(
        VersionedPayload.Of(Facts(new(NotificationNames.PreStart, ""))),
        $$"""
        {
          "nova_object.namespace": "nova", "nova_object.name": "InstanceActionPayload", "nova_object.version": "1.9",
          "nova_object.data": { {{VersionedInstance}}, "fault": null }
        }
        """);

    [Fact]
    public void A_change_of_state_in_the_versioned_family() => ShouldBe(
        VersionedPayload.Of(Facts(new(NotificationNames.Taken, ""))),
        $$"""
        {
          "nova_object.namespace": "nova", "nova_object.name": "InstanceUpdatePayload", "nova_object.version": "2.1",
          "nova_object.data": {
            {{VersionedInstance}},
            "audit_period": {
              "nova_object.namespace": "nova", "nova_object.name": "AuditPeriodPayload", "nova_object.version": "1.0",
              "nova_object.data": { "audit_period_beginning": "2012-10-01T00:00:00Z", "audit_period_ending": "2012-10-29T13:42:20Z" }
            },
            "old_display_name": null,
            "state_update": {
              "nova_object.namespace": "nova", "nova_object.name": "InstanceStateUpdatePayload", "nova_object.version": "1.0",
              "nova_object.data": { "old_state": "active", "state": "active", "old_task_state": null, "new_task_state": "migrating" }
            },
            "tags": []
          }
        }
        """);

    [Fact]
    public void A_failure_in_the_versioned_family() => ShouldBe(VersionedPayload.Of(Facts(Failure())), Exception);

    [Fact]
    public void A_conductor_that_gave_up_in_the_versioned_family()
    {
        var payload = VersionedPayload.Of(Facts(Failure() with { What = NotificationNames.ConductorFailed }));

        Assert.Equal("ComputeTaskPayload", $"{payload["nova_object.name"]}");
        var data = payload["nova_object.data"]!;
        Assert.Equal("active", $"{data["state"]}");
        Assert.Equal("RequestSpecPayload", $"{data["request_spec"]!["nova_object.name"]}");
        ShouldBe(data["reason"], Exception);
    }

    [Fact]
    public void A_question_to_the_scheduler_in_the_versioned_family() => ShouldBe(
        VersionedPayload.Of(Facts(new(NotificationNames.SelectStart, "") { IgnoreHosts = ["a", "c"], RequestedHost = "b" })),
        $$"""
        {
          "nova_object.namespace": "nova", "nova_object.name": "RequestSpecPayload", "nova_object.version": "1.1",
          "nova_object.data": {
            "instance_uuid": "178b0921-8f85-4257-88b6-2e743b5a975c", "availability_zone": null, "flavor": {{Flavor}},
            "ignore_hosts": ["a", "c"], "image": null, "num_instances": 1, "numa_topology": null, "pci_requests": null,
            "project_id": "project", "user_id": "owner", "scheduler_hints": {}, "security_groups": [], "force_hosts": null,
            "force_nodes": null, "instance_group": null,
            "requested_destination": {
              "nova_object.namespace": "nova", "nova_object.name": "DestinationPayload", "nova_object.version": "1.0",
              "nova_object.data": { "aggregates": null, "cell": null, "host": "b", "node": null }
            },
            "retry": null
          }
        }
        """);

    [Fact]
    public void An_action_in_the_unversioned_family_has_networks_where_Nova_supplies_them()
    {
        ShouldBe(LegacyPayload.Of(Facts(new(NotificationNames.PreStart, ""))), $$"""{ {{LegacyInstance}}, "fixed_ips": [] }""");
        ShouldBe(LegacyPayload.Of(Facts(new(NotificationNames.AbortStart, ""))), $$"""{ {{LegacyInstance}} }""");
    }

    [Fact]
    public void A_change_of_state_in_the_unversioned_family() => ShouldBe(
        LegacyPayload.Of(Facts(new(NotificationNames.Taken, ""))),
        $$"""
        {
          {{LegacyInstance}}, "old_state": "active", "old_task_state": null, "new_task_state": "migrating",
          "audit_period_beginning": "2012-10-01T00:00:00.000000", "audit_period_ending": "2012-10-29T13:42:20.000000"
        }
        """);

    [Fact]
    public void A_failure_in_the_unversioned_family() => ShouldBe(
        LegacyPayload.Of(Facts(Failure())),
        """
        {
          "exception": "out of order",
          "args": { "instance": "178b0921-8f85-4257-88b6-2e743b5a975c", "migration": "e41f8c18-6386-4e05-9063-5c70a2f5768c" }
        }
        """);

    [Fact]
    public void Publishers_are_written_in_the_familys_way()
    {
        Assert.Equal("compute.b", Facts(new(NotificationNames.PreStart, "")).Publisher(versioned: false));
        Assert.Equal("nova-compute:b", Facts(new(NotificationNames.PreStart, "")).Publisher(versioned: true));
        Assert.Equal("compute.a", Facts(new(NotificationNames.PostStart, "")).Publisher(versioned: false));
        Assert.Equal("scheduler.controller", Facts(new(NotificationNames.SelectEnd, "")).Publisher(versioned: false));
        Assert.Equal("nova-scheduler:controller", Facts(new(NotificationNames.SelectEnd, "")).Publisher(versioned: true));
        Assert.Equal("compute_task.controller", Facts(new(NotificationNames.ConductorFailed, "")).Publisher(versioned: false));
        Assert.Equal("nova-conductor:controller", Facts(new(NotificationNames.ConductorFailed, "")).Publisher(versioned: true));
    }

    [Fact]
    public void What_Novas_lack_stands_under_a_key_of_its_own() => ShouldBe(
        Facts(Failure()).Ours(),
        """
        {
          "migration_id": 35, "migration_uuid": "e41f8c18-6386-4e05-9063-5c70a2f5768c",
          "instance_uuid": "178b0921-8f85-4257-88b6-2e743b5a975c", "request_id": "req-5b6c791d-5709-4f36-8fbe-c3e02869e35d",
          "source": "a", "destination": "b", "status": "accepted", "error": "out of order", "transfer_ms": null, "downtime_ms": null
        }
        """);

    private static Occurrence Failure() => new(NotificationNames.Failed("pre_live_migration", Emitter.Destination), "")
    {
        Function = "pre_live_migration",
        Error = "out of order",
        ErrorClass = "HypervisorRefused",
    };

    private static NotificationFacts Facts(Occurrence occurrence)
    {
        var instance = new Instance
        {
            Uuid = Guid.Parse("178b0921-8f85-4257-88b6-2e743b5a975c"),
            DisplayName = "some-server",
            Description = "what it is for",
            DomainName = "domain-1",
            Host = "a",
            VmState = VmState.Active,
            TaskState = TaskState.Migrating,
            PowerState = PowerState.Running,
            MemoryMiB = 256,
            Vcpus = 2,
            DiskGiB = 3,
            ProjectId = "project",
            UserId = "owner",
            CreatedAt = Now.AddSeconds(-9),
            LaunchedAt = Now.AddSeconds(-8),
            UpdatedAt = Now.AddSeconds(-7),
        };
        var migration = new Migration
        {
            Id = 35,
            Uuid = Guid.Parse("e41f8c18-6386-4e05-9063-5c70a2f5768c"),
            InstanceUuid = instance.Uuid,
            RequestId = "req-5b6c791d-5709-4f36-8fbe-c3e02869e35d",
            SourceCompute = "a",
            SourceNode = "node-a",
            DestCompute = "b",
            DestNode = "node-b",
            UserId = "admin",
            ProjectId = "admins",
            CreatedAt = Now,
            SagaVersion = "live-migration/1",
            SagaState = "{}",
        };
        return new NotificationFacts(instance, Deed.Of(migration), occurrence, Now) { Migration = migration };
    }

    private static void ShouldBe(JsonNode? payload, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), payload?.ToJsonString());
}
