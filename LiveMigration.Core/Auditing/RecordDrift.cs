using LiveMigration.Core.Alerts;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Inventory;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Core.Auditing;

/// <summary>What the records tell by themselves: migrations that do not get on, promises that outlive theirs, clean-ups that do not come about.</summary>
internal sealed partial class RecordDrift(
    IDbContextFactory<ControlPlaneDbContext> contexts, IComputeDriver driver, RecordsLoss loss, TimeProvider time, ILogger<RecordDrift> logger)
{
    /// <summary>How long a migration may be due without a driver: it may wait for a worker.</summary>
    public static readonly TimeSpan DrivenWithin = TimeSpan.FromMinutes(1);

    /// <summary>How long something may be left on a host that answers.</summary>
    public static readonly TimeSpan TidiedWithin = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(int Migration, int Epoch), long> _undriven = [];

    /// <summary>Looks.</summary>
    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return [.. await LossAsync(ct), .. await MigrationsAsync(db, ct), .. await RebuiltAsync(db, ct), .. await CleanupsAsync(db, ct)];
    }

    /// <summary>
    /// Gives back what migrations that have ended were promised. Their end and their claims are one transaction, so as a
    /// rule there is nothing.
    /// </summary>
    public async Task ReleaseStaleClaimsAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claims = await db.Claims
            .Where(claim => !db.Migrations.Any(row => row.Id == claim.MigrationId && row.FinishedAt == null))
            .ExecuteDeleteAsync(ct);
        var disks = await db.DiskClaims
            .Where(claim => !db.Migrations.Any(row => row.Id == claim.MigrationId && row.FinishedAt == null))
            .ExecuteDeleteAsync(ct);
        if (claims + disks > 0)
        {
            LogReleased(claims + disks);
        }
    }

    private async Task<List<Finding>> LossAsync(CancellationToken ct) => await loss.ReadAsync(ct) is { } what
        ?
        [
            new Finding(
                AlertKind.RecordsLost,
                "records",
                $"{what} Hosts, guests and open moves are recorded anew as the hosts show them. Not known any more is what only the records knew since: owners, names, tags, "
                + "locks and groups of servers, users, flavors and aggregates, requests and migrations that ended, the list of clean-ups. Put right what matters, "
                + $"then remove {loss.File}."),
        ]
        : [];

    /// <summary>Told as long as they are open, and for a day after.</summary>
    private async Task<List<Finding>> RebuiltAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var told = time.GetUtcNow().UtcDateTime - AuditedRecords.GoneIsTold;
        var rebuilt = await db.Migrations.AsNoTracking()
            .Where(row => (row.FinishedAt == null || row.FinishedAt > told)
                && db.Journal.Any(line => line.MigrationId == row.Id && line.Reason!.StartsWith(RebuildLostMove.Reason)))
            .Select(row => new { row.Id, row.InstanceUuid, row.Status, row.CreatedAt, row.SourceCompute, row.DestCompute })
            .ToListAsync(ct);
        return
        [
            .. rebuilt.Select(row => new Finding(
                AlertKind.MigrationRebuilt,
                $"migration {row.Id}",
                $"The record of migration {row.Id} ({row.SourceCompute} to {row.DestCompute}, now {row.Status.ToNova()}) was lost and made anew from the guest's mark. Who asked for it, and with which "
                + $"options, is not known; look at access to its volumes on both hosts. GET /v1/migrations/{row.Id} shows what was done since.")
            {
                Instance = row.InstanceUuid,
                Migration = row.Id,
                Since = row.CreatedAt,
            }),
        ];
    }

    private async Task<List<Finding>> MigrationsAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var open = await db.Migrations.AsNoTracking().Where(row => row.FinishedAt == null)
            .Select(row => new { row.Id, row.InstanceUuid, row.Epoch, row.LeaseOwner, row.LeaseExpiresAt, row.RetryAt, row.NeedsAttention, row.Reason })
            .ToListAsync(ct);
        var due = open.Where(row => (row.LeaseOwner is null || row.LeaseExpiresAt < now) && (row.RetryAt is null || row.RetryAt <= now)).ToList();
        Remember([.. due.Select(row => (row.Id, row.Epoch))]);
        return
        [
            .. open.Where(row => row.NeedsAttention).Select(row => new Finding(
                AlertKind.MigrationNeedsAttention,
                $"migration {row.Id}",
                $"Migration {row.Id} can't go on by itself: {row.Reason} It is tried again and again; GET /v1/migrations/{row.Id} shows its journal.")
            {
                Instance = row.InstanceUuid,
                Migration = row.Id,
            }),
            .. due.Where(row => time.GetElapsedTime(_undriven[(row.Id, row.Epoch)]) >= DrivenWithin).Select(row => new Finding(
                AlertKind.MigrationUndriven,
                $"migration {row.Id}",
                $"Migration {row.Id} is due, and nobody drives it. If all workers are busy (/hangfire), wait or raise Jobs:Workers; else start the controller again, which loses nothing.")
            {
                Instance = row.InstanceUuid,
                Migration = row.Id,
            }),
        ];
    }

    /// <summary>Since when each of them is seen without a driver, by our own clock; a new epoch is a new driver.</summary>
    private void Remember(HashSet<(int Migration, int Epoch)> due)
    {
        foreach (var known in _undriven.Keys.Where(known => !due.Contains(known)).ToList())
        {
            _undriven.Remove(known);
        }

        foreach (var one in due)
        {
            _undriven.TryAdd(one, time.GetTimestamp());
        }
    }

    private async Task<List<Finding>> CleanupsAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var late = time.GetUtcNow().UtcDateTime - TidiedWithin;
        var left = await Leftover.ListAsync(db, ct);
        return
        [
            .. left
                .Where(row => !IsOurs(row.Host) || (driver.GetLink(row.Host).Open && row.Since < late))
                .Select(row => new Finding(
                    AlertKind.CleanupStuck,
                    $"migration {row.MigrationId} on {row.Host}",
                    IsOurs(row.Host)
                        ? $"{row.Host} answers, and what migration {row.MigrationId} left there is not tidied: {row.Reason} Remove what is named there by hand; it then goes off the list by itself."
                        : $"{row.Host} is no longer among Hosts, so what migration {row.MigrationId} may have left there is never tidied: {row.Reason} Put the host back, or look there by hand.")
                {
                    Instance = row.Instance,
                    Migration = row.MigrationId,
                    Since = row.Since,
                }),
        ];
    }

    private bool IsOurs(string host) => driver.Hosts.Contains(host, StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Warning, "{Claims} claims of migrations that have ended were given back")]
    private partial void LogReleased(int claims);
}
