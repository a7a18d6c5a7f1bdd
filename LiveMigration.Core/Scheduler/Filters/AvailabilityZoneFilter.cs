using LiveMigration.Core.Model;

namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>The host is in the zone that the instance must stay in. Nova: AvailabilityZoneFilter.</summary>
internal sealed class AvailabilityZoneFilter : IHostFilter
{
    public Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct)
    {
        var zone = Aggregate.ZoneOf(host.Node.Host, host.Aggregates);
        return Task.FromResult(spec.Instance.PinnedAvailabilityZone is { } wanted && wanted != zone
            ? $"in availability zone {zone}, not {wanted}"
            : null);
    }
}
