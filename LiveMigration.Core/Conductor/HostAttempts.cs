using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Conductor;

/// <summary>Keeps why each host that was looked at would not do, so that the reason of none is lost (known problem 8).</summary>
internal sealed class HostAttempts(IDbContextFactory<ControlPlaneDbContext> contexts, TimeProvider time)
{
    private const int Longest = 2000;

    public async Task NoteAsync(int migrationId, IReadOnlyDictionary<string, string> refusals, CancellationToken ct)
    {
        if (refusals.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.HostAttempts.Where(row => row.MigrationId == migrationId)
            .ToDictionaryAsync(row => row.Host, StringComparer.OrdinalIgnoreCase, ct);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var (host, refusal) in refusals)
        {
            var reason = refusal.Length > Longest ? refusal[..Longest] : refusal;
            if (!known.TryGetValue(host, out var attempt))
            {
                db.HostAttempts.Add(new HostAttempt { MigrationId = migrationId, Host = host, Reason = reason, At = now });
            }
            else if (attempt.Reason != reason)
            {
                (attempt.Reason, attempt.At) = (reason, now);
            }
        }

        await db.SaveChangesAsync(ct);
    }
}
