using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Tells whether a guest is paused because its move was forced to its end. libvirt lets such a guest go on when the move
/// succeeds, and leaves it as it is when the move fails; who is to let it go on then is its migration.
/// </summary>
internal sealed class ForcedPause(IDbContextFactory<ControlPlaneDbContext> contexts)
{
    /// <param name="instance">A guest that is seen paused at its source.</param>
    /// <param name="wasPaused">Whether it was paused when the move began; null when that is not known.</param>
    /// <param name="status">Its migration's status: before the transfer nothing is forced.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<bool> IsOursAsync(Guid instance, bool? wasPaused, MigrationStatus status, CancellationToken ct)
    {
        if (status != MigrationStatus.Running)
        {
            return false;
        }

        if (wasPaused is { } known)
        {
            return !known;
        }

        // What a tenant or an operator had paused before is recorded so.
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Instances.AnyAsync(row => row.Uuid == instance && row.VmState == VmState.Active, ct);
    }
}
