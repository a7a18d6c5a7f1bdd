using LiveMigration.Core.Model;
using MediatR;

namespace LiveMigration.Core.Conductor;

/// <summary>
/// Seed step 1, <c>nova.compute.api.API.live_migrate</c>: takes the instance for a move, records it and queues it.
/// Instance, action and migration change in one transaction, or not at all.
/// </summary>
public static class StartLiveMigration
{
    /// <param name="Instance">The instance's UUID.</param>
    /// <param name="Host">The destination asked for; null leaves the choice to the scheduler.</param>
    /// <param name="Scheduled">False to go to <paramref name="Host"/> without asking the scheduler (microversion &lt; 2.30, or forced).</param>
    /// <param name="BlockMigration">What to do with local disks.</param>
    /// <param name="DiskOverCommit">Microversion &lt; 2.25: compare disks by their allocated (true) or virtual size (false); null = not asked.</param>
    /// <param name="WaitForChecks">Microversion &lt; 2.34: come back only when all checks have passed, and with their error.</param>
    /// <param name="Caller">Who asks.</param>
    public sealed record Request(
        Guid Instance,
        string? Host,
        bool Scheduled,
        BlockMigration BlockMigration,
        bool? DiskOverCommit,
        bool WaitForChecks,
        Caller Caller) : IRequest<Response>;

    /// <param name="MigrationId">The migration's integer id.</param>
    public sealed record Response(int MigrationId);
}
