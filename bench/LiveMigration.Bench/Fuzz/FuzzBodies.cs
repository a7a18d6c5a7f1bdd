namespace LiveMigration.Bench.Fuzz;

/// <summary>
/// Bodies that are in order, by operation: what is sent is one of them, or what becomes of one that is mutated. A word
/// like <c>@{hosts}</c> stands for something that is there.
/// </summary>
internal static class FuzzBodies
{
    private static readonly Dictionary<string, string[]> All = new(StringComparer.Ordinal)
    {
        ["RunServerAction"] =
        [
            """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""",
            """{"os-migrateLive": {"host": "@{hosts}", "block_migration": "auto"}}""",
            """{"os-migrateLive": {"host": "@{hosts}", "block_migration": true, "force": true}}""",
            """{"os-migrateLive": {"host": null, "block_migration": false, "disk_over_commit": false}}""",
            """{"pause": null}""",
            """{"unpause": null}""",
            """{"suspend": null}""",
            """{"resume": null}""",
            """{"os-start": null}""",
            """{"os-stop": null}""",
            """{"reboot": {"type": "SOFT"}}""",
            """{"reboot": {"type": "HARD"}}""",
            """{"lock": null}""",
            """{"lock": {"locked_reason": "because"}}""",
            """{"unlock": null}""",
            """{"os-resetState": {"state": "active"}}""",
            """{"os-resetState": {"state": "error"}}""",
            """{"forceDelete": null}""",
            """{"rebuild": {"imageRef": "@{images}"}}""",
            """{"resize": {"flavorRef": "@{flavors}"}}""",
            """{"confirmResize": null}""",
            """{"migrate": null}""",
            """{"evacuate": {"host": "@{hosts}"}}""",
            """{"rescue": null}""",
            """{"shelve": null}""",
            """{"createImage": {"name": "copy"}}""",
            """{"createBackup": {"name": "copy", "backup_type": "daily", "rotation": 1}}""",
            """{"changePassword": {"adminPass": "secret"}}""",
            """{"os-getConsoleOutput": {"length": 10}}""",
            """{"os-getVNCConsole": {"type": "novnc"}}""",
            """{"addSecurityGroup": {"name": "default"}}""",
        ],
        ["CreateServer"] =
        [
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{small-flavors}", "networks": "auto"}}""",
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{small-flavors}", "networks": "none", "min_count": 1, "max_count": 1}}""",
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{flavors}", "networks": [{"uuid": "@{networks}"}], "availability_zone": "nova"}}""",
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{small-flavors}", "networks": "none", "availability_zone": "nova:@{hosts}"}}""",
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{small-flavors}", "networks": "auto", "host": "@{hosts}", "user_data": "I2Nsb3VkLWNvbmZpZw==", "metadata": {"a": "b"}, "tags": ["one"], "description": "what for", "config_drive": false}}""",
            """{"server": {"name": "fuzz", "imageRef": "@{images}", "flavorRef": "@{small-flavors}", "networks": "auto"}, "os:scheduler_hints": {"group": "@{os-server-groups}"}}""",
            """{"server": {"name": "fuzz", "flavorRef": "@{small-flavors}", "networks": "auto", "block_device_mapping_v2": [{"boot_index": 0, "uuid": "@{images}", "source_type": "image", "destination_type": "local", "delete_on_termination": true}]}}""",
        ],
        ["UpdateServer"] =
        [
            """{"server": {"name": "renamed"}}""",
            """{"server": {"description": "what for", "accessIPv4": "192.0.2.7", "accessIPv6": "2001:db8::7"}}""",
            """{"server": {"hostname": "renamed"}}""",
        ],
        ["AddServerMetadata"] = ["""{"metadata": {"role": "web"}}"""],
        ["ReplaceServerMetadata"] = ["""{"metadata": {"role": "web", "tier": "1"}}"""],
        ["WriteServerMetadataItem"] = ["""{"meta": {"role": "db"}}"""],
        ["ReplaceServerTags"] = ["""{"tags": ["blue", "green"]}"""],
        ["ForceCompleteMigration"] = ["""{"force_complete": null}"""],
        ["StartMigration"] =
        [
            """{"host": "@{hosts}", "block_migration": "auto", "options": {"permit_post_copy": true, "bandwidth_mibps": 200}}""",
            """{"host": null}""",
        ],
        ["ReceiveExternalEvents"] =
        [
            """{"events": [{"name": "network-vif-plugged", "server_uuid": "@{servers}", "tag": "@{ports}", "status": "completed"}]}""",
            """{"events": [{"name": "network-changed", "server_uuid": "@{servers}"}, {"name": "power-update", "server_uuid": "@{servers}", "tag": "POWER_ON"}]}""",
        ],
        ["UpdateService"] =
        [
            """{"status": "enabled"}""",
            """{"status": "disabled", "disabled_reason": "maintenance"}""",
            """{"forced_down": false}""",
            """{"host": "@{hosts}", "binary": "nova-compute"}""",
            """{"host": "@{hosts}", "binary": "nova-compute", "disabled_reason": "maintenance"}""",
            """{"host": "@{hosts}", "binary": "nova-compute", "forced_down": false}""",
        ],
        ["CreateAggregate"] = ["""{"aggregate": {"name": "fuzz-@{any}", "availability_zone": "nova"}}""", """{"aggregate": {"name": "fuzz-@{any}"}}"""],
        ["UpdateAggregate"] = ["""{"aggregate": {"name": "fuzz-@{any}"}}""", """{"aggregate": {"availability_zone": "zone-@{any}"}}"""],
        ["RunAggregateAction"] =
        [
            """{"add_host": {"host": "@{hosts}"}}""",
            """{"remove_host": {"host": "@{hosts}"}}""",
            """{"set_metadata": {"metadata": {"ssd": "true", "filter_tenant_id": null}}}""",
        ],
        ["CreateServerGroup"] =
        [
            """{"server_group": {"name": "fuzz", "policy": "anti-affinity", "rules": {"max_server_per_host": 2}}}""",
            """{"server_group": {"name": "fuzz", "policies": ["affinity"]}}""",
            """{"server_group": {"name": "fuzz", "policy": "soft-affinity"}}""",
        ],
        ["CreateFlavor"] =
        [
            """{"flavor": {"name": "fuzz-@{any}", "ram": 64, "vcpus": 1, "disk": 0, "id": "auto"}}""",
            """{"flavor": {"name": "fuzz-@{any}", "ram": 128, "vcpus": 2, "disk": 1, "swap": 16, "rxtx_factor": 1.5, "os-flavor-access:is_public": false}}""",
        ],
        ["UpdateFlavor"] = ["""{"flavor": {"description": "for the fuzz"}}"""],
        ["RunFlavorAction"] = ["""{"addTenantAccess": {"tenant": "@{projects}"}}""", """{"removeTenantAccess": {"tenant": "@{projects}"}}"""],
        ["CreateFlavorExtraSpecs"] = ["""{"extra_specs": {"hw:cpu_policy": "shared", "weight": "1"}}"""],
        ["UpdateFlavorExtraSpec"] = ["""{"hw:cpu_policy": "dedicated"}"""],
        ["CreateToken"] =
        [
            """{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "fuzz-@{any}", "domain": {"id": "default"}, "password": "wrong"}}}, "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}""",
            """{"auth": {"identity": {"methods": ["token"], "token": {"id": "@{token-member}"}}, "scope": {"project": {"id": "@{projects}"}}}}""",
            """{"auth": {"identity": {"methods": ["token"], "token": {"id": "@{token-admin}"}}, "scope": "unscoped"}}""",
        ],
        ["CreateUser"] = ["""{"user": {"name": "fuzz-@{any}", "enabled": true, "email": "fuzz@example.org", "description": "nobody"}}"""],
        ["UpdateUser"] = ["""{"user": {"description": "somebody", "email": "fuzz@example.org"}}""", """{"user": {"name": "fuzz-@{any}"}}"""],
        ["ChangePassword"] = ["""{"user": {"password": "another", "original_password": "wrong"}}"""],
        ["CreateProject"] = ["""{"project": {"name": "fuzz-@{any}", "description": "nothing", "enabled": true}}"""],
        ["UpdateProject"] = ["""{"project": {"description": "still nothing"}}"""],
        ["CreateRole"] = ["""{"role": {"name": "fuzz-@{any}"}}"""],
    };

    /// <summary>The operations that have one.</summary>
    public static IEnumerable<string> Operations => All.Keys;

    /// <summary>One for an operation; null when nothing is known of its bodies.</summary>
    public static string? For(FuzzOperation operation, Random random) =>
        All.TryGetValue(operation.Name, out var bodies) ? bodies[random.Next(bodies.Length)] : operation.Example;
}
