using LiveMigration.Api.Policy;

namespace LiveMigration.Api.Audit;

/// <summary>One answer of the policy.</summary>
/// <param name="Rule">The rule that was asked.</param>
/// <param name="Target">Whose the thing was.</param>
/// <param name="Allowed">What it said.</param>
internal sealed record PolicyDecision(string Rule, PolicyTarget Target, bool Allowed);
