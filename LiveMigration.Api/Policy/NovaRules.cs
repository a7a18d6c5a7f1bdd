namespace LiveMigration.Api.Policy;

/// <summary>
/// Nova's rules by Nova's names, also those of operations that are not offered here: a policy file that was written for a
/// Nova can be used as it is.
/// </summary>
internal static class NovaRules
{
    /// <summary>The rules with their defaults.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All =>
    [
        .. Of("rule:context_is_admin", Admin),
        .. Of("rule:project_member_or_admin", Member),
        .. Of("rule:project_reader_or_admin", Reader),
        .. Of("@", Everybody),
        .. Of("rule:admin_or_user", ["os-keypairs:index", "os-keypairs:show", "os-keypairs:create", "os-keypairs:delete"]),
        // A few that Nova names without its usual prefix.
        new("compute:aggregates:images", "rule:context_is_admin"),
        new("compute:server:topology:index", "rule:project_reader_or_admin"),
        new("compute:server:topology:host:index", "rule:context_is_admin"),
        new("compute:servers:create:cross_cell", "!"),
        new("compute:servers:resize:cross_cell", "!"),
        // Nova 26 has no rule of its own for a named host.
        .. Of("rule:os_compute_api:os-migrate-server:migrate_live", ["os-migrate-server:migrate_live:host"]),
        .. Of("rule:os_compute_api:os-migrate-server:migrate", ["os-migrate-server:migrate:host"]),
    ];

    private static readonly string[] Admin =
    [
        "servers:create:requested_destination",
        "os-admin-actions:reset_state", "os-admin-actions:inject_network_info", "os-admin-actions:reset_network",
        "os-agents:list", "os-agents:create", "os-agents:update", "os-agents:delete",
        "os-aggregates:index", "os-aggregates:show", "os-aggregates:create", "os-aggregates:update", "os-aggregates:delete",
        "os-aggregates:add_host", "os-aggregates:remove_host", "os-aggregates:set_metadata",
        "os-assisted-volume-snapshots:create", "os-assisted-volume-snapshots:delete",
        "os-attach-interfaces:admin",
        "os-availability-zone:detail",
        "os-baremetal-nodes:list", "os-baremetal-nodes:show",
        "os-cells:list", "os-cells:create", "os-cells:update", "os-cells:show", "os-cells:delete",
        "os-console-auth-tokens",
        "os-evacuate",
        "os-extended-server-attributes",
        "os-flavor-access", "os-flavor-access:add_tenant_access", "os-flavor-access:remove_tenant_access",
        "os-flavor-extra-specs:create", "os-flavor-extra-specs:update", "os-flavor-extra-specs:delete",
        "os-flavor-manage:create", "os-flavor-manage:update", "os-flavor-manage:delete",
        "os-hosts:list", "os-hosts:show", "os-hosts:update", "os-hosts:reboot", "os-hosts:shutdown", "os-hosts:start",
        "os-hypervisors:list", "os-hypervisors:list-detail", "os-hypervisors:show", "os-hypervisors:search",
        "os-hypervisors:servers", "os-hypervisors:uptime", "os-hypervisors:statistics",
        "os-instance-actions:events", "os-instance-actions:events:details",
        "os-instance-usage-audit-log:list", "os-instance-usage-audit-log:show",
        "limits:other_project",
        "os-lock-server:unlock:unlock_override",
        "os-migrate-server:migrate", "os-migrate-server:migrate_live",
        "os-migrations:index", "os-migrations:index:all_projects", "os-migrations:index:host",
        "os-networks:create", "os-networks:delete",
        "os-quota-sets:update", "os-quota-sets:delete", "os-quota-class-sets:show", "os-quota-class-sets:update",
        "os-server-diagnostics", "os-server-external-events:create",
        "os-server-groups:index:all_projects",
        "os-server-shares:force_delete",
        "os-services:list", "os-services:update", "os-services:delete",
        "os-shelve:unshelve_to_host", "os-shelve:shelve_offload",
        "os-simple-tenant-usage:list",
        "os-used-limits", "os-volumes-attachments:swap",
        "servers:allow_all_filters",
        "servers:index:get_all_tenants", "servers:detail:get_all_tenants",
        "servers:show:host_status", "servers:show:host_status:unknown-only", "servers:show:flavor-extra-specs:admin",
        "servers:create:forced_host", "servers:create:zero_disk_flavor",
        "servers:migrations:index", "servers:migrations:index:host", "servers:migrations:show",
        "servers:migrations:force_complete", "servers:migrations:delete",
    ];

    private static readonly string[] Member =
    [
        "os-admin-password",
        "os-attach-interfaces:create", "os-attach-interfaces:delete",
        "os-consoles:create", "os-consoles:delete", "os-console-output",
        "os-create-backup", "os-deferred-delete:restore", "os-deferred-delete:force",
        "os-floating-ips:add", "os-floating-ips:remove", "os-floating-ips:create", "os-floating-ips:delete",
        "os-lock-server:lock", "os-lock-server:unlock",
        "os-multinic:add", "os-multinic:remove",
        "os-pause-server:pause", "os-pause-server:unpause",
        "os-remote-consoles", "os-rescue", "os-unrescue",
        "os-security-groups:create", "os-security-groups:update", "os-security-groups:delete",
        "os-security-groups:rule:create", "os-security-groups:rule:delete",
        "os-security-groups:add", "os-security-groups:remove",
        "os-server-groups:create", "os-server-groups:delete",
        "os-server-password:clear", "os-server-password:set",
        "os-server-shares:create", "os-server-shares:delete",
        "os-server-tags:update", "os-server-tags:update_all", "os-server-tags:delete", "os-server-tags:delete_all",
        "os-shelve:shelve", "os-shelve:unshelve",
        "os-suspend-server:suspend", "os-suspend-server:resume",
        "os-tenant-networks:create", "os-tenant-networks:delete",
        "os-volumes:create", "os-volumes:delete", "os-volumes:snapshots:create", "os-volumes:snapshots:delete",
        "os-volumes-attachments:create", "os-volumes-attachments:update", "os-volumes-attachments:delete",
        "server-metadata:create", "server-metadata:update", "server-metadata:update_all", "server-metadata:delete",
        "servers:create", "servers:create:attach_volume", "servers:create:attach_network", "servers:create:trusted_certs",
        "servers:create_image", "servers:create_image:allow_volume_backed",
        "servers:update", "servers:delete", "servers:rebuild", "servers:rebuild:trusted_certs",
        "servers:confirm_resize", "servers:revert_resize", "servers:resize",
        "servers:reboot", "servers:start", "servers:stop", "servers:trigger_crash_dump",
    ];

    private static readonly string[] Reader =
    [
        "extension", "extensions", "ips:index", "ips:show",
        "os-attach-interfaces", "os-attach-interfaces:list", "os-attach-interfaces:show",
        "os-consoles:index", "os-consoles:show",
        "os-extended-volumes", "os-extended-availability-zone", "os-extended-status", "os-server-usage", "os-config-drive",
        "os-flavor-extra-specs:index", "os-flavor-extra-specs:show", "os-flavor-access:list",
        "os-floating-ip-pools", "os-floating-ips:list", "os-floating-ips:show",
        "os-instance-actions:list", "os-instance-actions:show",
        "os-multinic",
        "os-networks:list", "os-networks:show", "os-networks:view",
        "os-quota-sets:show", "os-quota-sets:detail",
        "os-security-groups:get", "os-security-groups:show", "os-security-groups:list",
        "os-server-groups:index", "os-server-groups:show",
        "os-server-password:show",
        "os-server-shares:index", "os-server-shares:show",
        "os-server-tags:index", "os-server-tags:show",
        "os-simple-tenant-usage:show",
        "os-tenant-networks:list", "os-tenant-networks:show", "os-tenant-networks",
        "os-volumes:list", "os-volumes:detail", "os-volumes:show",
        "os-volumes:snapshots:list", "os-volumes:snapshots:detail", "os-volumes:snapshots:show",
        "os-volumes-attachments:index", "os-volumes-attachments:show",
        "server-metadata:index", "server-metadata:show",
        "servers:index", "servers:detail", "servers:show", "servers:show:flavor-extra-specs",
    ];

    private static readonly string[] Everybody =
    [
        "flavors", "flavors:index", "flavors:detail", "flavors:show",
        "images:index", "images:detail", "images:show",
        "limits", "os-availability-zone:list", "versions",
        "os-quota-sets:defaults",
    ];

    private static IEnumerable<KeyValuePair<string, string>> Of(string rule, IEnumerable<string> names) =>
        names.Select(name => KeyValuePair.Create("os_compute_api:" + name, rule));
}
