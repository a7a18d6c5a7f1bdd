using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary>What a valid token says.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="ScopeId">Where it holds: a project, <see cref="RoleAssignment.Domain"/>, or null for nowhere.</param>
/// <param name="Roles">The roles there, with those that they imply.</param>
/// <param name="Methods">How it was got, separated by commas.</param>
/// <param name="AuditIds">Its audit ids, separated by a comma.</param>
/// <param name="IssuedAt">When it was given out, UTC.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
internal sealed record TokenGrant(
    string UserId, string? ScopeId, IReadOnlyList<string> Roles, string Methods, string AuditIds, DateTime IssuedAt, DateTime ExpiresAt)
{
    /// <summary>The project; null for a token of the domain or of nowhere.</summary>
    public string? ProjectId => ScopeId is RoleAssignment.Domain ? null : ScopeId;
}
