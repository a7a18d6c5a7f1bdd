using LiveMigration.Core.Model;

namespace LiveMigration.Api.Policy;

/// <summary>What a comparison in a rule may name.</summary>
internal static class PolicyValues
{
    private const string OfTargets = "%(project_id)s, %(tenant_id)s, %(user_id)s";

    /// <summary>True for <c>%(…)s</c>.</summary>
    public static bool IsReference(string word) =>
        word.StartsWith("%(", StringComparison.Ordinal) && word.EndsWith(")s", StringComparison.Ordinal);

    /// <summary>The left side: an attribute of the caller, or a word in quotes.</summary>
    /// <exception cref="FormatException">There is no such attribute.</exception>
    public static PolicyValue OfCaller(string word) => word switch
    {
        "user_id" => (caller, _) => caller.UserId,
        "project_id" or "tenant_id" or "tenant" => (caller, _) => caller.ProjectId,
        "is_admin" => (caller, _) => caller.IsAdmin ? "True" : "False",
        "is_admin_project" => (_, _) => "True",
        "user_domain_id" or "project_domain_id" => (_, _) => RoleAssignment.Domain,
        // Tokens here are never of the whole system: rules that ask for it are read, and let nobody.
        "system_scope" or "domain_id" => (_, _) => null,
        "True" or "False" => (_, _) => word,
        _ when IsQuoted(word) => (_, _) => word[1..^1],
        _ => throw new FormatException(
            $"'{word}' is nothing that a caller has; allowed: user_id, project_id, is_admin, system_scope, domain_id, or a word in quotes"),
    };

    /// <summary>The right side: an attribute of the target, or a word.</summary>
    /// <exception cref="FormatException">There is no such attribute.</exception>
    public static PolicyValue OfTarget(string word) => word switch
    {
        "%(project_id)s" or "%(tenant_id)s" or "%(target.project.id)s" or "%(project.id)s" => (_, target) => target.ProjectId,
        "%(user_id)s" or "%(target.user.id)s" or "%(user.id)s" => (_, target) => target.UserId,
        "%(domain_id)s" or "%(target.domain_id)s" or "%(target.user.domain_id)s" or "%(target.project.domain_id)s" =>
            (_, _) => RoleAssignment.Domain,
        _ when word.Contains("%(", StringComparison.Ordinal) => throw new FormatException($"'{word}' is nothing that a target has; allowed: {OfTargets}"),
        _ when IsQuoted(word) => (_, _) => word[1..^1],
        _ => (_, _) => word,
    };

    private static bool IsQuoted(string word) => word.Length >= 2 && word[0] is '\'' or '"' && word[^1] == word[0];
}
