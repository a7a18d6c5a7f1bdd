using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>
/// What is written about a running transfer, and the wishes that are read. What every look writes and reads is plain SQL
/// and a query compiled once: see docs/decisions/0023.
/// </summary>
internal sealed class MigrationProgress(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time)
{
    private static readonly Func<ControlPlaneDbContext, int, CancellationToken, Task<Wishes>> WishesOf = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, int id, CancellationToken ct) => db.Migrations.AsNoTracking()
            .Where(row => row.Id == id)
            .Select(row => new Wishes(row.AbortRequestedAt != null, row.ForceCompleteRequestedAt != null))
            .Single());

    public async Task SaveAsync(int migrationId, Guid instance, JobStatistics job, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (now, percent) = (time.GetUtcNow().UtcDateTime, Percent(job));
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE migrations SET
                MemoryTotalBytes = {job.MemoryTotal},
                MemoryProcessedBytes = {job.MemoryProcessed},
                MemoryRemainingBytes = {job.MemoryRemaining},
                DiskTotalBytes = {job.DiskTotal},
                DiskProcessedBytes = {job.DiskProcessed},
                DiskRemainingBytes = {job.DiskRemaining},
                UpdatedAt = {now}
            WHERE Id = {migrationId};
            UPDATE instances SET Progress = {percent}
            WHERE Uuid = {instance} AND TaskState = {nameof(TaskState.Migrating)} AND Progress <> {percent};
            """,
            ct);
    }

    /// <summary>The last figures: what libvirt measured of the whole transfer.</summary>
    public async Task SaveOutcomeAsync(int migrationId, JobStatistics job, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var transfer = (long)job.Elapsed.TotalMilliseconds;
        var downtime = (long?)job.Downtime?.TotalMilliseconds;
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE migrations SET
                TransferMs = {transfer},
                DowntimeMs = {downtime},
                MemoryTotalBytes = {job.MemoryTotal},
                MemoryProcessedBytes = {job.MemoryProcessed},
                MemoryRemainingBytes = {job.MemoryRemaining},
                DiskTotalBytes = {job.DiskTotal},
                DiskProcessedBytes = {job.DiskProcessed},
                DiskRemainingBytes = {job.DiskRemaining}
            WHERE Id = {migrationId}
            """,
            ct);
    }

    /// <summary>Says why a transfer that is under way does not get on; null when it does again.</summary>
    public async Task NoteAsync(int migrationId, string? reason, bool needsAttention, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Migrations.Where(row => row.Id == migrationId && row.FinishedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Reason, reason).SetProperty(row => row.NeedsAttention, needsAttention), ct);
    }

    /// <summary>Status running, unless the transfer has come further already (it may be watched for the second time).</summary>
    /// <returns>The status before.</returns>
    public async Task<MigrationStatus> BeginAsync(int migrationId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var migration = await db.MigrationAsync(migrationId, ct);
        var before = migration.Status;
        if (before == MigrationStatus.Preparing)
        {
            migration.MoveTo(MigrationStatus.Running, time.GetUtcNow().UtcDateTime);
            await db.SaveChangesAsync(ct);
        }

        return before;
    }

    public async Task MoveToAsync(int migrationId, MigrationStatus status, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var migration = await db.MigrationAsync(migrationId, ct);
        migration.MoveTo(status, time.GetUtcNow().UtcDateTime);
        await db.SaveChangesAsync(ct);
    }

    public async Task<Wishes> ReadWishesAsync(int migrationId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await WishesOf(db, migrationId, ct);
    }

    /// <summary>Nova's figure: 100 less the percentage of memory that remains.</summary>
    private static int Percent(JobStatistics job) => job.MemoryTotal <= 0
        ? 0
        : Math.Clamp(100 - (int)Math.Round(job.MemoryRemaining * 100.0 / job.MemoryTotal), 0, 100);

    internal sealed record Wishes(bool Abort, bool ForceComplete);
}
