namespace LiveMigration.Core.Scheduler.Weighers;

/// <summary>Prefers hosts as the wish of a server group says; one member more or less outweighs all free memory.</summary>
internal sealed class ServerGroupSoftWeigher : IHostWeigher
{
    private const double MoreThanAnyMemory = 1e12;

    public double Weigh(HostState host, RequestSpec spec) => (spec.Group?.Wish(host.Node.Host) ?? 0) * MoreThanAnyMemory;
}
