using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Policy;

/// <summary>A rule does not let the caller, 403.</summary>
internal sealed class PolicyForbidden(string rule)
    : HttpFault(StatusCodes.Status403Forbidden, $"Policy doesn't allow {rule} to be performed.")
{
    /// <summary>The rule.</summary>
    public string Rule { get; } = rule;
}
