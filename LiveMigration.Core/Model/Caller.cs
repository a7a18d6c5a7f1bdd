namespace LiveMigration.Core.Model;

/// <summary>Who asks, and under which request.</summary>
/// <param name="RequestId"><c>req-</c> and a UUID; the key of the instance action.</param>
/// <param name="UserId">The user.</param>
/// <param name="ProjectId">The project the token is scoped to.</param>
/// <param name="IsAdmin">True for the admin role, which a lock does not stop.</param>
public sealed record Caller(string RequestId, string UserId, string ProjectId, bool IsAdmin);
