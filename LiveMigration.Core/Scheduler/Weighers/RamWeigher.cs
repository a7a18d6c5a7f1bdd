using LiveMigration.Core.Settings;

namespace LiveMigration.Core.Scheduler.Weighers;

/// <summary>Prefers the host with the most memory left.</summary>
internal sealed class RamWeigher(LiveMigrationSettings settings) : IHostWeigher
{
    public double Weigh(HostState host, RequestSpec spec) => host.FreeMemoryMiB(settings.RamAllocationRatio, settings.ReservedHostMemoryMiB);
}
