using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Flavors;

/// <summary>All flavors: those that are stored, and behind them the shapes of adopted guests.</summary>
internal static class FlavorCatalog
{
    /// <summary>All that the caller may see.</summary>
    public static async Task<IReadOnlyList<Flavor>> ListAsync(ControlPlaneDbContext db, Caller caller, CancellationToken ct)
    {
        var stored = await db.Flavors.AsNoTracking().ToListAsync(ct);
        var ids = stored.Select(flavor => flavor.FlavorId).ToHashSet(StringComparer.Ordinal);
        var shapes = await db.Instances.AsNoTracking()
            .Where(row => row.FlavorId == null && row.VmState != VmState.Deleted)
            .Select(row => new { row.MemoryMiB, row.Vcpus })
            .Distinct()
            .ToListAsync(ct);
        return
        [
            .. stored.Where(flavor => flavor.IsPublic || caller.IsAdmin || flavor.Projects.Contains(caller.ProjectId, StringComparer.Ordinal)),
            .. shapes.Select(shape => DerivedFlavor.Of(shape.MemoryMiB, shape.Vcpus)).Where(flavor => !ids.Contains(flavor.FlavorId)),
        ];
    }

    /// <exception cref="FlavorNotFound">There is none of this id that the caller may see.</exception>
    public static async Task<Flavor> FindAsync(ControlPlaneDbContext db, string id, Caller caller, CancellationToken ct) =>
        (await ListAsync(db, caller, ct)).FirstOrDefault(flavor => flavor.FlavorId.Equals(id, StringComparison.Ordinal)) ?? throw new FlavorNotFound(id);

    /// <summary>A stored one, to be changed.</summary>
    /// <exception cref="FlavorNotFound">There is none of this id.</exception>
    public static async Task<Flavor> FindStoredAsync(ControlPlaneDbContext db, string id, CancellationToken ct) =>
        await db.Flavors.SingleOrDefaultAsync(flavor => flavor.FlavorId == id, ct) ?? throw new FlavorNotFound(id);
}
