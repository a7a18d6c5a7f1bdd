using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Auditing;

/// <summary>What the records say of one guest.</summary>
/// <param name="Instance">Its row.</param>
/// <param name="IsOwned">True while a migration, a power action, a build or a removal works at it: then it is theirs to judge.</param>
/// <param name="ToBeTidied">Hosts that are known to have something of it left, and are tidied when they answer.</param>
internal sealed record GuestFacts(Instance Instance, bool IsOwned, IReadOnlyList<string> ToBeTidied);

/// <summary>Reads the records for a comparison with the hosts.</summary>
internal sealed class AuditedRecords(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time)
{
    /// <summary>How long a guest that went without a request is told of.</summary>
    public static readonly TimeSpan GoneIsTold = TimeSpan.FromHours(24);

    /// <summary>Every guest that should be somewhere, or went a short while ago although nobody asked for it.</summary>
    public async Task<IReadOnlyList<GuestFacts>> AllAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var told = Told();
        var instances = await db.Instances.AsNoTracking()
            .Where(row => row.VmState != VmState.Deleted || (row.DeleteRequestedAt == null && row.DeletedAt > told))
            .ToListAsync(ct);
        var owned = new HashSet<Guid>();
        owned.UnionWith(await db.Migrations.Where(row => row.FinishedAt == null).Select(row => row.InstanceUuid).ToListAsync(ct));
        owned.UnionWith(await db.PowerTasks.Select(row => row.InstanceUuid).ToListAsync(ct));
        owned.UnionWith(await db.InstanceBuilds.Where(row => row.FinishedAt == null).Select(row => row.InstanceUuid).ToListAsync(ct));
        var cleanups = (await db.PendingCleanups.AsNoTracking().ToListAsync(ct)).ToLookup(row => row.InstanceUuid, row => row.Host);
        return
        [
            .. instances.Select(row => new GuestFacts(
                row, owned.Contains(row.Uuid) || IsBeingRemoved(row), [.. cleanups[row.Uuid]])),
        ];
    }

    /// <summary>One guest; null when there is no record of it.</summary>
    public async Task<GuestFacts?> FindAsync(Guid guest, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Instances.AsNoTracking().SingleOrDefaultAsync(row => row.Uuid == guest, ct) is not { } instance)
        {
            return null;
        }

        var owned = IsBeingRemoved(instance)
            || await db.Migrations.AnyAsync(row => row.InstanceUuid == guest && row.FinishedAt == null, ct)
            || await db.PowerTasks.AnyAsync(row => row.InstanceUuid == guest, ct)
            || await db.InstanceBuilds.AnyAsync(row => row.InstanceUuid == guest && row.FinishedAt == null, ct);
        var tidied = await db.PendingCleanups.Where(row => row.InstanceUuid == guest).Select(row => row.Host).ToListAsync(ct);
        return new GuestFacts(instance, owned, tidied);
    }

    /// <summary>Of these migrations those that there are records of, and whether they have ended.</summary>
    public async Task<IReadOnlyDictionary<Guid, bool>> HaveEndedAsync(IEnumerable<Guid> migrations, CancellationToken ct)
    {
        var wanted = migrations.Distinct().ToList();
        if (wanted.Count == 0)
        {
            return new Dictionary<Guid, bool>();
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Migrations.AsNoTracking()
            .Where(row => wanted.Contains(row.Uuid))
            .ToDictionaryAsync(row => row.Uuid, row => row.FinishedAt != null, ct);
    }

    /// <summary>Whether a guest that is gone is still to be told of.</summary>
    public bool IsTold(Instance instance) =>
        instance.VmState != VmState.Deleted || (instance.DeleteRequestedAt is null && instance.DeletedAt > Told());

    private DateTime Told() => time.GetUtcNow().UtcDateTime - GoneIsTold;

    private static bool IsBeingRemoved(Instance instance) => instance is { DeleteRequestedAt: not null, DeletedAt: null };
}
