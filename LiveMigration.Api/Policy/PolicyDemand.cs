using LiveMigration.Api.Audit;
using LiveMigration.Api.Microversions;

namespace LiveMigration.Api.Policy;

/// <summary>Asks whether the caller may do what it is about to do. Rules are Nova's, by Nova's names.</summary>
internal static class PolicyDemand
{
    /// <summary>
    /// Goes on only if the rule lets the caller do it to what the path names: the server if it names one, else something
    /// of the caller's own.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="rule">Nova's name of the rule, e.g. <c>os_compute_api:servers:index</c>.</param>
    /// <exception cref="PolicyForbidden">403, naming the rule.</exception>
    public static void Demand(this HttpContext context, string rule) => context.Demand(rule, TargetOf(context));

    /// <summary>Goes on only if the rule lets the caller do it to this target.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rule">Nova's name of the rule.</param>
    /// <param name="target">Whose it is.</param>
    /// <exception cref="PolicyForbidden">403, naming the rule.</exception>
    public static void Demand(this HttpContext context, string rule, PolicyTarget target)
    {
        var allowed = context.Allows(rule, target);
        context.Nova().Decisions.Add(new PolicyDecision(rule, target, allowed));
        if (!allowed)
        {
            throw new PolicyForbidden(rule);
        }
    }

    /// <summary>Whether a rule lets the caller, for what is shown or hidden by it.</summary>
    public static bool Allows(this HttpContext context, string rule) => context.Allows(rule, TargetOf(context));

    /// <summary>The same, of this target.</summary>
    public static bool Allows(this HttpContext context, string rule, PolicyTarget target) =>
        context.RequestServices.GetRequiredService<PolicyRules>().Allows(rule, context.Caller(), target);

    private static PolicyTarget TargetOf(HttpContext context) => context.Nova().Target ?? PolicyTarget.OwnOf(context.Caller());
}
