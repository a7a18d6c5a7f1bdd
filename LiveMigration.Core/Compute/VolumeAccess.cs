using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;

namespace LiveMigration.Core.Compute;

/// <summary>
/// Opens and closes hosts' access to volumes, one after the other for each volume, so that no migration closes what another
/// has just found open.
/// </summary>
internal sealed class VolumeAccess(IVolumeService volumes, VolumeNeeds needs)
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Lets a host use a volume.</summary>
    public Task OpenAsync(Volume volume, string host, CancellationToken ct) => AloneAsync(
        volume,
        async () =>
        {
            await volumes.InitializeConnectionAsync(volume, host, ct);
            return true;
        },
        ct);

    /// <summary>Takes a host's access away unless somebody needs it.</summary>
    /// <returns>Who needs it; null when the access is closed.</returns>
    public Task<VolumeNeed?> CloseAsync(Volume volume, string host, int migrationId, Guid moving, CancellationToken ct) => AloneAsync(
        volume,
        async () =>
        {
            var need = await needs.FindAsync(volume, host, migrationId, moving, ct);
            if (need is null)
            {
                await volumes.TerminateConnectionAsync(volume, host, ct);
            }

            return need;
        },
        ct);

    private async Task<T> AloneAsync<T>(Volume volume, Func<Task<T>> work, CancellationToken ct)
    {
        var gate = _gates[(uint)volume.GetHashCode() % (uint)_gates.Length];
        await gate.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            gate.Release();
        }
    }
}
