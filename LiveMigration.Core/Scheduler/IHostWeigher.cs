namespace LiveMigration.Core.Scheduler;

/// <summary>Says how much one host is to be preferred.</summary>
public interface IHostWeigher
{
    /// <summary>More is better.</summary>
    double Weigh(HostState host, RequestSpec spec);
}
