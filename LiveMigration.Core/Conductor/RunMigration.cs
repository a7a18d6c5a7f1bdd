using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// What a job does: drives one migration as far as it can go now. Returns when the migration has ended, when it must
/// wait for something (the recovery pass takes it up again), or when somebody else drives it.
/// </summary>
public static class RunMigration
{
    /// <param name="MigrationId">The migration's integer id.</param>
    public sealed record Request(int MigrationId) : IRequest<Response>;

    /// <param name="Summary">What came of it, in one line for the dashboard.</param>
    public sealed record Response(string Summary);
}
