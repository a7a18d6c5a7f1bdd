using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Tests.Contract;

/// <summary>The contract of seals, kept by the simulated cloud.</summary>
public sealed class SimulatedHostSealsContractTests : HostSealsContract
{
    private readonly SimulatedCloud _cloud = new(new SimulatedCloudOptions { Hosts = [new SimulatedHostOptions("a")] }, TimeProvider.System);

    /// <inheritdoc/>
    protected override string Host => "a";

    /// <inheritdoc/>
    protected override ValueTask<IHostSeals> StartAsync() => ValueTask.FromResult<IHostSeals>(new SimulatedHostSeals(_cloud));

    /// <inheritdoc/>
    protected override ValueTask StopAsync()
    {
        _cloud.Dispose();
        return ValueTask.CompletedTask;
    }
}
