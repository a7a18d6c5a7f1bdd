using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>Brings a running migration to its end: by post-copy where permitted, else by pausing the guest.</summary>
public static class ForceCompleteLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Migration">The migration's integer id, as the caller wrote it.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, string Migration, Caller Caller) : IRequest<Response>;

    /// <summary>Accepted; the outcome is the migration's status.</summary>
    public sealed record Response;
}
