using System.Globalization;
using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>The host has memory left for the instance, after guests, claims and its own reserve.</summary>
internal sealed class RamFilter(LiveMigrationSettings settings) : IHostFilter
{
    public Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct)
    {
        var free = host.FreeMemoryMiB(settings.RamAllocationRatio, settings.ReservedHostMemoryMiB);
        return Task.FromResult(free >= spec.Instance.MemoryMiB
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{free:F0} MiB of memory left, {spec.Instance.MemoryMiB} MiB needed"));
    }
}
