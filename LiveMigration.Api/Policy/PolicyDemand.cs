using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;

namespace LiveMigration.Api.Policy;

/// <summary>Asks whether the caller may do what it is about to do. Rules are Nova's, by Nova's names.</summary>
internal static class PolicyDemand
{
    /// <summary>Goes on only if the rule lets the caller.</summary>
    /// <param name="rule">Nova's name of the rule, e.g. <c>os_compute_api:servers:index</c>.</param>
    /// <exception cref="HttpFault">403, naming the rule.</exception>
    public static void Demand(this HttpContext context, string rule)
    {
        if (!context.Caller().IsAdmin)
        {
            throw new HttpFault(StatusCodes.Status403Forbidden, $"Policy doesn't allow {rule} to be performed.");
        }
    }
}
