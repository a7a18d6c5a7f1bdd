using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>A guest for whose sake a host keeps its access to a volume.</summary>
/// <param name="Guest">The guest.</param>
/// <param name="OnItsWay">True when it is not there yet: another migration brings it.</param>
internal sealed record VolumeNeed(Guid Guest, bool OnItsWay);

/// <summary>
/// Asks who needs a host's access to a volume: the guests that the host has, and those that other migrations bring there.
/// A target may hold the disks of several guests, so the one that moves is not the only one to ask about.
/// </summary>
internal sealed class VolumeNeeds(IComputeDriver driver, IVolumeService volumes, IDbContextFactory<ControlPlaneDbContext> contexts)
{
    /// <param name="volume">The volume.</param>
    /// <param name="host">The host whose access is in question.</param>
    /// <param name="migrationId">The migration that asks; it is not counted.</param>
    /// <param name="moving">Its guest; what the transfer has left of it on the host needs nothing.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The first that needs it; null when nobody does.</returns>
    /// <exception cref="HypervisorUnavailable">The host does not answer; nothing may be concluded.</exception>
    public async Task<VolumeNeed?> FindAsync(Volume volume, string host, int migrationId, Guid moving, CancellationToken ct)
    {
        // In this order: who arrives between the two questions is seen by the second.
        if (await OnTheWayAsync(volume, host, migrationId, ct) is { } coming)
        {
            return new VolumeNeed(coming, OnItsWay: true);
        }

        foreach (var guest in await driver.ListGuestsAsync(host, ct))
        {
            if ((guest.Uuid != moving || NeedsItsDisks(guest.State)) && await UsesAsync(host, guest.Uuid, volume, ct))
            {
                return new VolumeNeed(guest.Uuid, OnItsWay: false);
            }
        }

        return null;
    }

    private async Task<Guid?> OnTheWayAsync(Volume volume, string host, int migrationId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var others = await db.Migrations.AsNoTracking()
            .Where(row => row.Id != migrationId && row.FinishedAt == null && row.DestCompute == host)
            .Select(row => new { row.InstanceUuid, row.SagaState })
            .ToListAsync(ct);
        return others.Find(row => RecordedVolumes.Of(row.SagaState).Any(attachment => attachment.Volume == volume))?.InstanceUuid;
    }

    private async Task<bool> UsesAsync(string host, Guid guest, Volume volume, CancellationToken ct)
    {
        try
        {
            return (await driver.DescribeGuestAsync(host, guest, ct)).Disks.Any(disk => volumes.Find(disk) == volume);
        }
        catch (GuestNotFound)
        {
            // Gone since it was listed.
            return false;
        }
    }

    private static bool NeedsItsDisks(GuestState state) =>
        state is not (GuestState.PausedMigrated or GuestState.Off or GuestState.Crashed);
}
