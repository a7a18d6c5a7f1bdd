using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Seals;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Auditing;

/// <summary>Puts right what can be put right without touching a guest: records, and marks of migrations that have ended.</summary>
internal sealed partial class DriftRepair(
    IDbContextFactory<ControlPlaneDbContext> contexts,
    IComputeDriver driver,
    GuestRecords guests,
    HostKeeper keeper,
    IMediator mediator,
    ILogger<DriftRepair> logger)
{
    /// <summary>Tries; whether it helped is for the next look to say.</summary>
    /// <returns>False when there is nothing safe to try, or a host refused it.</returns>
    public async Task<bool> TryAsync(Drift drift, Instance instance, CancellationToken ct)
    {
        if (drift.Remedy == Remedy.None)
        {
            return false;
        }

        try
        {
            if (drift.Remedy == Remedy.RebuildMove)
            {
                return await RebuildAsync(instance, drift.Mark!, ct);
            }

            await (drift.Remedy switch
            {
                Remedy.ClearMark => driver.ClearMarkAsync(drift.Host!, instance.Uuid, drift.Mark!.Migration, ct),
                Remedy.ClearTask => ClearTaskAsync(instance, drift.Host!, ct),
                _ => guests.LookAsync(drift.Host!, instance.Uuid, ct),
            });
        }
        catch (ControlPlaneException refused)
        {
            LogRefused(instance.Uuid, refused.Message);
            return false;
        }

        LogTried(instance.Uuid, drift.Remedy, drift.Host!);
        return true;
    }

    /// <summary>Only on hosts that carry our seal: elsewhere the mark may be of a controller that is at it.</summary>
    private async Task<bool> RebuildAsync(Instance instance, MigrationMark mark, CancellationToken ct)
    {
        if (!keeper.IsOurs(mark.Source) || !keeper.IsOurs(mark.Destination)
            || (await mediator.Send(new RebuildLostMove.Request(instance.Uuid, mark), ct)).MigrationId is not { } id)
        {
            return false;
        }

        LogRebuilt(id, mark.Migration, instance.Uuid, mark.Source, mark.Destination);
        return true;
    }

    /// <summary>Only if the record is still the one that was looked at: a request may have come since.</summary>
    private async Task ClearTaskAsync(Instance seen, string host, CancellationToken ct)
    {
        await using (var db = await contexts.CreateDbContextAsync(ct))
        {
            await db.Instances
                .Where(row => row.Uuid == seen.Uuid && row.Version == seen.Version && row.TaskState == seen.TaskState)
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(row => row.TaskState, (TaskState?)null)
                        .SetProperty(row => row.Progress, 0)
                        .SetProperty(row => row.Version, row => row.Version + 1),
                    ct);
        }

        await guests.LookAsync(host, seen.Uuid, ct);
    }

    [LoggerMessage(LogLevel.Warning, "Migration {Id} ({Uuid}) of guest {Guest} from {Source} to {Destination} was made anew from the guest's mark; who asked for it and how is not known")]
    private partial void LogRebuilt(int id, Guid uuid, Guid guest, string source, string destination);

    [LoggerMessage(LogLevel.Warning, "The records and the hosts differed about guest {Guest}; put right: {Remedy} on {Host}")]
    private partial void LogTried(Guid guest, Remedy remedy, string host);

    [LoggerMessage(LogLevel.Warning, "The records and the hosts differ about guest {Guest}, and it can't be put right: {Reason}")]
    private partial void LogRefused(Guid guest, string reason);
}
