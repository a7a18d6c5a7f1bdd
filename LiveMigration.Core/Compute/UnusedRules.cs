using LiveMigration.Core.Drivers;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Compute;

/// <summary>Takes filtering rules away that migrations have brought, without taking them from a guest that is on its way.</summary>
internal sealed class UnusedRules(INetworkService networks, IDbContextFactory<ControlPlaneDbContext> contexts)
{
    public async Task RemoveAsync(int migrationId, string host, NetworkPlan plan, CancellationToken ct)
    {
        // The host can tell who uses a rule, not who is about to.
        if (plan.Rules.Count > 0 && !await AnotherComesAsync(migrationId, host, ct))
        {
            await networks.RemoveUnusedRulesAsync(host, plan.Rules, ct);
        }
    }

    private async Task<bool> AnotherComesAsync(int migrationId, string host, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Migrations.AnyAsync(row => row.FinishedAt == null && row.Id != migrationId && row.DestCompute == host, ct);
    }
}
