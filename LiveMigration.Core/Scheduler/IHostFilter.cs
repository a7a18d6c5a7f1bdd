namespace LiveMigration.Core.Scheduler;

/// <summary>Says of one host whether it could take an instance.</summary>
public interface IHostFilter
{
    /// <summary>Why this host will not do; null when it will.</summary>
    Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct);
}
