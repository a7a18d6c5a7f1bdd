namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>The host's compute service is enabled and up.</summary>
internal sealed class ComputeFilter : IHostFilter
{
    public Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct)
    {
        var node = host.Node;
        var reason = !node.Enabled ? $"disabled ({node.DisabledReason ?? "no reason given"})"
            : node.ForcedDown ? "forced down"
            : !node.Connected ? $"down ({node.ConnectionError ?? "not connected yet"})"
            : null;
        return Task.FromResult(reason);
    }
}
