using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Scheduler.Filters;

/// <summary>The host can give the guest the CPU that it runs with. Stands last: it asks the host.</summary>
internal sealed class CpuFilter(IComputeDriver driver) : IHostFilter
{
    public async Task<string?> RefuseAsync(HostState host, RequestSpec spec, CancellationToken ct)
    {
        try
        {
            var comparison = await driver.CompareCpuAsync(host.Node.Host, spec.Guest, ct);
            return comparison.Compatible ? null : $"lacks the guest's CPU ({comparison.Explanation})";
        }
        catch (ControlPlaneException exception) when (exception.Kind is ErrorKind.Transient or ErrorKind.Fatal)
        {
            return exception.Message;
        }
    }
}
