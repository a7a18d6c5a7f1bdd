using LiveMigration.Core.Model;

namespace LiveMigration.Core.Notifications;

/// <summary>Something that is done to an instance, and who asked for it.</summary>
/// <param name="Uuid">Its id: the migration's, or the instance's own where that is made or removed.</param>
/// <param name="RequestId">The API request.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="ProjectId">In which project.</param>
internal sealed record Deed(Guid Uuid, string RequestId, string UserId, string ProjectId)
{
    /// <summary>A migration.</summary>
    public static Deed Of(Migration migration) => new(migration.Uuid, migration.RequestId, migration.UserId, migration.ProjectId);
}
