using LiveMigration.Core.Drivers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>Puts a controller on a simulated cloud.</summary>
public static class SimulatedHypervisorModule
{
    /// <summary>
    /// Registers the cloud, its driver and its networks as singletons. The clock is the container's <see cref="TimeProvider"/>, the
    /// system's if it has none.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="options">The cloud; null for <see cref="SimulatedDemoCluster"/>.</param>
    public static IServiceCollection AddSimulatedHypervisor(this IServiceCollection services, SimulatedCloudOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SimulatedCloud(
            options ?? SimulatedDemoCluster.Options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IComputeDriver, SimulatedDriver>();
        services.AddSingleton<IHostBindings, SimulatedBindings>();
        services.AddSingleton<IGuestPower, SimulatedGuestPower>();
        services.AddSingleton<IGuestDiagnostics, SimulatedGuestDiagnostics>();
        services.AddSingleton<IDiskImages, SimulatedDiskImages>();
        services.AddSingleton<IGuestBuilder, SimulatedGuestBuilder>();
        services.AddSingleton<INetworkService, SimulatedNetworkService>();
        services.AddSingleton<IVolumeService, SimulatedVolumes>();
        services.AddSingleton<IHostSeals, SimulatedHostSeals>();
        return services;
    }
}
