using LiveMigration.Core.Compute;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Inventory;

/// <summary>
/// Tries again what could not be tidied when a migration ended, now that its host answers. Only what carries the
/// migration's mark and does not run is ever removed, and only access to volumes that nobody on the host needs is closed.
/// </summary>
internal sealed partial class PendingCleanups(
    IDbContextFactory<ControlPlaneDbContext> contexts,
    IComputeDriver driver,
    CopiedDisks copied,
    VolumeAccess volumes,
    ProbeFiles probes,
    UntidyHosts untidy,
    ILogger<PendingCleanups> logger)
{
    private static readonly Func<ControlPlaneDbContext, string, IAsyncEnumerable<PendingCleanup>> LeftOn = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, string host) => db.PendingCleanups.Where(row => row.Host == host));

    /// <summary>Whether something is known to be left there, which its next sign of life should not wait for a sweep with.</summary>
    public bool AreKnownOn(string host) => untidy.Contains(host);

    public async Task TryAgainAsync(string host, CancellationToken ct)
    {
        untidy.Remove(host);
        await probes.RemoveLeftAsync(host, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var cleanup in await LeftOn(db, host).ToListAsync(ct))
        {
            var migration = await db.Migrations.AsNoTracking().SingleAsync(row => row.Id == cleanup.MigrationId, ct);
            if (migration.FinishedAt is null)
            {
                // What is to be left, and where, is known when it has ended.
                untidy.Add(host);
                continue;
            }

            var (done, hangs) = (false, false);
            try
            {
                var state = LiveMigrationState.FromJson(migration.SagaState);
                var instance = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == migration.InstanceUuid, ct);
                done = await RemoveGuestAsync(migration, state, host, ct)
                    && await RemoveDisksAsync(migration, state, instance, host, ct)
                    && await CloseVolumesAsync(migration, instance, host, ct);
            }
            catch (ControlPlaneException exception)
            {
                // A host that answers, but not this, is not kept from being asked for more by trying again too soon.
                hangs = exception is HypervisorUnavailable { HasTimedOut: true };
                cleanup.Reason = exception.Message;
            }

            if (done)
            {
                db.PendingCleanups.Remove(cleanup);
                LogDone(host, cleanup.InstanceUuid, cleanup.MigrationId);
            }
            else if (!hangs)
            {
                untidy.Add(host);
            }
        }

        await db.SaveChangesAsync(ct);
    }

    private async Task<bool> RemoveGuestAsync(Migration migration, LiveMigrationState state, string host, CancellationToken ct)
    {
        var left = await driver.FindGuestAsync(host, migration.InstanceUuid, ct);
        if (left?.Mark?.Migration != migration.Uuid)
        {
            return true;
        }

        var mark = state.Mark(migration.Epoch);
        if (state.HasMoved(migration.Status) && left.State == GuestState.PostCopyFailed)
        {
            // Half a guest, of which the other half is whole by now, or lost: nobody will fetch the rest.
            await driver.EndBrokenGuestAsync(host, migration.InstanceUuid, mark, ct);
        }

        return await driver.RemoveLeftoverAsync(host, migration.InstanceUuid, mark, ct);
    }

    /// <summary>At the destination what a move that was taken back has made; at the source what a guest that has left has left behind.</summary>
    private async Task<bool> RemoveDisksAsync(
        Migration migration, LiveMigrationState state, Instance instance, string host, CancellationToken ct)
    {
        var files = state.MigrateData?.Files ?? [];
        if (files.Count == 0)
        {
            return true;
        }

        if (!state.HasMoved(migration.Status))
        {
            await copied.RemoveAtDestinationAsync(migration.Uuid, host, files, ct);
            return true;
        }

        if (instance.Host == host)
        {
            // A guest that has come back since uses them again; where an adopted one was deleted, its disks stay.
            await copied.RemoveMarksAsync(migration.Uuid, migration.DestCompute!, files, ct);
            return true;
        }

        if (instance.VmState == VmState.Deleted)
        {
            await copied.RemoveOfDeletedAsync(migration.Uuid, instance.Uuid, host, migration.DestCompute!, files, ct);
            return true;
        }

        return await copied.RemoveAtSourceAsync(
            migration.Uuid, instance.Uuid, host, migration.DestCompute!, instance.Host, files, mayBeOff: true, ct);
    }

    /// <summary>A guest that uses the volume there by now settles it, too; one that is still on its way may turn round again.</summary>
    private async Task<bool> CloseVolumesAsync(Migration migration, Instance instance, string host, CancellationToken ct)
    {
        if (instance.Host == host && instance.VmState != VmState.Deleted)
        {
            // It has come there since, and needs its volumes even while it is off.
            return true;
        }

        var closed = true;
        foreach (var attachment in RecordedVolumes.Of(migration.SagaState))
        {
            if (attachment.DestinationWasGranted && host == migration.DestCompute)
            {
                continue;
            }

            var need = await volumes.CloseAsync(attachment.Volume, host, migration.Id, migration.InstanceUuid, ct);
            closed &= need is not { OnItsWay: true };
        }

        return closed;
    }

    [LoggerMessage(LogLevel.Information, "{Host} holds nothing more of guest {Guest} from migration {Migration}")]
    private partial void LogDone(string host, Guid guest, int migration);
}
