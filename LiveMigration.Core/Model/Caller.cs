namespace LiveMigration.Core.Model;

/// <summary>Who asks, and under which request.</summary>
/// <param name="RequestId"><c>req-</c> and a UUID; the key of the instance action.</param>
/// <param name="UserId">The user.</param>
/// <param name="ProjectId">The project the token is scoped to.</param>
/// <param name="IsAdmin">What the policy rule <c>context_is_admin</c> says of these roles; a lock does not stop such a caller.</param>
public sealed record Caller(string RequestId, string UserId, string ProjectId, bool IsAdmin)
{
    /// <summary>The roles that the token carries in its project, lower case.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];
}
