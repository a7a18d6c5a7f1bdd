namespace LiveMigration.Api.Wiring;

/// <summary>Examples for the API's description, by the operation's name.</summary>
internal static class ApiExamples
{
    public const string Fault = """{"itemNotFound": {"code": 404, "message": "Instance vm1 could not be found."}}""";

    private const string Server = """{"id": "d480590e-156f-4f24-9490-d049aad153be", "name": "vm1", "status": "MIGRATING", "OS-EXT-STS:task_state": "migrating", "OS-EXT-STS:vm_state": "active", "OS-EXT-SRV-ATTR:host": "host-a", "progress": 37}""";
    private const string Migration = """{"id": 35, "uuid": "e41f8c18-6386-4e05-9063-5c70a2f5768c", "status": "running", "source_compute": "host-a", "dest_compute": "host-b", "memory_total_bytes": 269230080, "memory_processed_bytes": 57961446, "memory_remaining_bytes": 198209536}""";
    private const string Action = """{"action": "live-migration", "request_id": "req-41672d35-27ee-4d33-91c0-ebcaaefdd3ce", "message": null, "start_time": "2026-11-22T18:17:58.000000"}""";
    private const string Service = """{"id": "b03e7f08-662d-44f7-934f-e11ab6443c70", "binary": "nova-compute", "host": "host-a", "zone": "nova", "status": "enabled", "state": "up", "disabled_reason": null, "forced_down": false}""";
    private const string Hypervisor = """{"id": "e2210f32-af3b-4fb1-8024-89e2c04e2951", "hypervisor_hostname": "host-a", "state": "up", "status": "enabled"}""";

    /// <summary>True for what answers 202.</summary>
    public static bool IsAccepted(string? operation) =>
        operation is "RunServerAction" or "StartMigration" or "ForceCompleteMigration" or "AbortServerMigration" or "CreateServer" or "DeleteFlavor";

    /// <summary>True for what answers 201.</summary>
    public static bool IsCreated(string? operation) => operation is "CreateToken" or "CreateUser" or "CreateProject" or "CreateRole";

    /// <summary>An example of the body to send.</summary>
    public static string? RequestOf(string? operation) => operation switch
    {
        "RunServerAction" => """{"os-migrateLive": {"host": null, "block_migration": "auto"}}""",
        "StartMigration" => """{"host": "host-b", "block_migration": "auto", "options": {"permit_post_copy": true, "bandwidth_mibps": 200, "native_tls": true}}""",
        "CreateServer" => """{"server": {"name": "web", "imageRef": "8e7da3e7-e69c-42f1-8f38-e3b2d84eb66a", "flavorRef": "1", "networks": "auto"}}""",
        "CreateFlavor" => """{"flavor": {"name": "m1.web", "ram": 1024, "vcpus": 2, "disk": 10}}""",
        "ForceCompleteMigration" => """{"force_complete": null}""",
        "UpdateService" => """{"status": "disabled", "disabled_reason": "maintenance"}""",
        "RunFlavorAction" => """{"addTenantAccess": {"tenant": "a56effa39e9e4c548fe95f53cfd6ed28"}}""",
        _ => IdentityExamples.RequestOf(operation),
    };

    /// <summary>An example of the answer, shortened.</summary>
    public static string? ResponseOf(string? operation) => operation switch
    {
        "ListServers" or "ListServersInDetail" => $$"""{"servers": [{{Server}}]}""",
        "ShowServer" => $$"""{"server": {{Server}}}""",
        "ListMigrations" or "ListServerMigrations" => $$"""{"migrations": [{{Migration}}]}""",
        "ShowServerMigration" => $$"""{"migration": {{Migration}}}""",
        "StartMigration" => """{"migration": {"id": 36, "status": "accepted", "options": {"downtime_ms": 500, "permit_post_copy": true, "bandwidth_mibps": 200, "native_tls": true}, "journal": []}}""",
        "ShowMigrationReport" => """{"migration": {"id": 35, "status": "failed", "reason": "No valid host was found. There are not enough hosts available. (host-b: is disabled)", "needs_attention": false, "progress": 0, "transfer_ms": null, "downtime_ms": null, "queue_position": null, "queue_length": null, "hosts_refused": [{"host": "host-b", "reason": "is disabled", "at": "2026-11-22T18:17:58.000000"}], "journal": []}}""",
        "ListPendingCleanups" => """{"cleanups": [{"migration_id": 35, "host": "host-b", "reason": "host-b does not answer: No route to host", "created_at": "2026-11-22T18:17:58.000000"}]}""",
        "ListAlerts" => """{"alerts": [{"id": "0f5a1f3e-0c3e-4f6f-9d4d-0f7f0f1c2b3a", "kind": "definition-left-over", "severity": "warning", "server_id": "d480590e-156f-4f24-9490-d049aad153be", "migration_id": null, "hosts": ["host-a", "host-b"], "since": "2026-11-22T18:17:58.000000", "last_seen_at": "2026-11-22T18:22:58.000000", "resolved_at": null, "text": "host-a keeps a definition of vm1, which is on host-b. Started there it would run twice: virsh undefine --keep-nvram vm1 on host-a."}]}""",
        "ListInstanceActions" => $$"""{"instanceActions": [{{Action}}]}""",
        "ShowInstanceAction" => $$"""{"instanceAction": {{Action}}}""",
        "ListServices" => $$"""{"services": [{{Service}}]}""",
        "UpdateService" => $$"""{"service": {{Service}}}""",
        "ListHypervisors" or "ListHypervisorsInDetail" or "SearchHypervisors" or "SearchHypervisorServers" => $$"""{"hypervisors": [{{Hypervisor}}]}""",
        "ShowHypervisor" => $$"""{"hypervisor": {{Hypervisor}}}""",
        "CreateServer" => """{"server": {"id": "d480590e-156f-4f24-9490-d049aad153be", "OS-DCF:diskConfig": "MANUAL", "adminPass": "3e1f5a90c2d4", "security_groups": [{"name": "default"}], "links": []}}""",
        "ShowFlavor" or "CreateFlavor" or "UpdateFlavor" => """{"flavor": {"id": "1", "name": "m1.tiny", "ram": 512, "vcpus": 1, "disk": 1}}""",
        "ListFlavors" or "ListFlavorsInDetail" => """{"flavors": [{"id": "1", "name": "m1.tiny", "ram": 512, "vcpus": 1, "disk": 1}]}""",
        "ShowHypervisorStatistics" => """{"hypervisor_statistics": {"count": 2, "vcpus": 4, "running_vms": 3}}""",
        "ListFlavorAccess" or "RunFlavorAction" => """{"flavor_access": [{"flavor_id": "lab", "tenant_id": "a56effa39e9e4c548fe95f53cfd6ed28"}]}""",
        _ => IdentityExamples.ResponseOf(operation),
    };
}
