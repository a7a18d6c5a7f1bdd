namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>
/// The instance's group allows the host. Nova: ServerGroupAffinityFilter and ServerGroupAntiAffinityFilter.
/// </summary>
internal sealed class ServerGroupFilter : IHostFilter
{
    public Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct) =>
        Task.FromResult(spec.Group?.Refuse(host.Node.Host));
}
