using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// Counts how far the records have come: a number in the state file's own header that grows as long as a controller runs.
/// The seals on the hosts repeat it, so that a file that was restored from a copy, or made anew, is known by being behind.
/// </summary>
public sealed class RecordsClock(IDbContextFactory<ControlPlaneDbContext> contexts) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private long? _startedAt;
    private long _now;

    /// <summary>Where it stood when this process began.</summary>
    public async Task<long> StartedAtAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await ReadOnceAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Counts on, beyond a number that somebody else has seen.</summary>
    /// <returns>Where it stands now, and in the file.</returns>
    public async Task<long> TickAsync(long beyond, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await ReadOnceAsync(ct);
            var next = Math.Max(_now, beyond) + 1;
            var set = string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={next}");
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlRawAsync(set, ct);
            return _now = next;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<long> ReadOnceAsync(CancellationToken ct)
    {
        if (_startedAt is null)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            _now = await db.Database.SqlQueryRaw<long>("SELECT user_version AS Value FROM pragma_user_version").SingleAsync(ct);
            _startedAt = _now;
        }

        return _startedAt.Value;
    }
}
