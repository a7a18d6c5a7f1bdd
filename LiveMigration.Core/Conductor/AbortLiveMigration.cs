using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>Takes a migration back, as long as the guest has not switched over.</summary>
public static class AbortLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Migration">The migration's integer id, as the caller wrote it.</param>
    /// <param name="AlsoQueued">Microversion ≥ 2.65: legal while queued and preparing too.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(Guid Instance, string Migration, bool AlsoQueued, Caller Caller) : IRequest<Response>;

    /// <summary>Accepted; the outcome is the migration's status.</summary>
    public sealed record Response;
}
