using LiveMigration.Core.Model;

namespace LiveMigration.Api.Policy;

/// <summary>Whose the thing is that a rule is asked about: what <c>%(project_id)s</c> and <c>%(user_id)s</c> stand for.</summary>
/// <param name="ProjectId">The project that owns it.</param>
/// <param name="UserId">The user that owns it.</param>
internal sealed record PolicyTarget(string? ProjectId, string? UserId)
{
    /// <summary>The caller's own, as Nova takes it where nothing else is named.</summary>
    public static PolicyTarget OwnOf(Caller caller) => new(caller.ProjectId, caller.UserId);

    /// <summary>A server.</summary>
    public static PolicyTarget Of(Instance server) => new(server.ProjectId, server.UserId);
}
