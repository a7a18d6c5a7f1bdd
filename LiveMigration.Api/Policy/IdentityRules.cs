namespace LiveMigration.Api.Policy;

/// <summary>The rules of the built-in identity service, by Keystone's names, and of our own endpoints.</summary>
internal static class IdentityRules
{
    private const string Admin = "rule:context_is_admin";
    private const string AdminOrSelf = "rule:admin_or_user";
    private const string AdminOrServiceOrSelf = "rule:service_or_admin or rule:owner";

    /// <summary>The rules with their defaults.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All =>
    [
        .. Of("identity:", Admin,
            "list_users", "create_user", "update_user", "delete_user",
            "list_projects", "create_project", "update_project", "delete_project",
            "list_roles", "get_role", "create_role", "delete_role",
            "list_role_assignments", "list_grants", "check_grant", "create_grant", "revoke_grant",
            "list_domains"),
        .. Of("identity:", AdminOrSelf, "get_user", "list_user_projects", "change_password"),
        .. Of("identity:", AdminOrServiceOrSelf, "validate_token", "check_token", "revoke_token"),
        // Everybody may read of the project that the token is for, and of the one domain.
        .. Of("identity:", "rule:context_is_admin or project_id:%(project_id)s", "get_project"),
        .. Of("identity:", "@", "get_domain", "get_auth_catalog", "get_auth_projects", "get_auth_domains"),

        .. Of("livemigration:", Admin, "migrations:show", "migrations:create", "cleanups:list", "alerts:list"),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Of(string family, string rule, params string[] names) =>
        names.Select(name => KeyValuePair.Create(family + name, rule));
}
