namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>
/// A host whose aggregates name tenants (key <c>filter_tenant_id</c>, several separated by commas) takes only theirs. Nova:
/// AggregateMultiTenancyIsolation.
/// </summary>
internal sealed class AggregateMultiTenancyIsolationFilter : IHostFilter
{
    private const string Key = "filter_tenant_id";

    public Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct)
    {
        var tenants = host.Aggregates
            .SelectMany(aggregate => aggregate.Metadata)
            .Where(pair => pair.Key.StartsWith(Key, StringComparison.Ordinal))
            .SelectMany(pair => pair.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
        return Task.FromResult(tenants.Count == 0 || tenants.Contains(spec.Instance.ProjectId) ? null : "kept for other projects");
    }
}
