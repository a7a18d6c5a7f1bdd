using System.Collections.Frozen;

namespace LiveMigration.Api.Policy;

/// <summary>
/// Every rule that there is, with its default: Nova's as of 26.2 (live migration and all about migrations for the admin),
/// Keystone's, and our own. What an operator's file does not name is as it is here.
/// </summary>
internal static class PolicyDefaults
{
    /// <summary>What the names of rules begin with; within them a wrong name is an error.</summary>
    public static readonly string[] Families = ["os_compute_api:", "identity:", "livemigration:"];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        [PolicyRules.ContextIsAdmin] = "role:admin",
        ["admin_api"] = "is_admin:True",
        ["admin_required"] = "role:admin",
        ["admin_or_owner"] = "is_admin:True or project_id:%(project_id)s",
        ["owner"] = "user_id:%(user_id)s",
        ["admin_or_user"] = "rule:context_is_admin or rule:owner",
        ["project_reader_api"] = "role:reader and project_id:%(project_id)s",
        ["project_member_api"] = "role:member and project_id:%(project_id)s",
        ["project_manager_api"] = "role:manager and project_id:%(project_id)s",
        ["service_api"] = "role:service",
        ["project_reader_or_admin"] = "rule:project_reader_api or rule:context_is_admin",
        ["project_member_or_admin"] = "rule:project_member_api or rule:context_is_admin",
        ["project_manager_or_admin"] = "rule:project_manager_api or rule:context_is_admin",
        ["service_or_admin"] = "rule:service_api or rule:context_is_admin",
    };

    /// <summary>The rules by name.</summary>
    public static FrozenDictionary<string, string> All { get; } = Aliases
        .Concat(NovaRules.All)
        .Concat(IdentityRules.All)
        .ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
