using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Volumes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LiveMigration.Hypervisor;

/// <summary>How the composition root chooses what is behind the hypervisor port.</summary>
public static class HypervisorModule
{
    /// <summary>Real hosts, through libvirt.</summary>
    /// <exception cref="InvalidSettings">The settings are wrong; the message lists every fault.</exception>
    public static IServiceCollection AddLibvirtHypervisor(this IServiceCollection services, LibvirtOptions options)
    {
        var faults = HostOptionsValidator.Validate(options);
        if (faults.Count > 0)
            throw new InvalidSettings(string.Join('\n', faults));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IComputeDriver>(provider => new LibvirtDriver(
            options,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared,
            provider.GetRequiredService<ILogger<LibvirtDriver>>()));
        services.AddSingleton<IDiskImages>(provider => new LibvirtDiskImages((LibvirtDriver)provider.GetRequiredService<IComputeDriver>()));
        services.AddSingleton<IGuestBuilder>(provider => new LibvirtGuestBuilder((LibvirtDriver)provider.GetRequiredService<IComputeDriver>()));
        services.AddSingleton<IHostBindings>(provider => new LibvirtBindings(
            (LibvirtDriver)provider.GetRequiredService<IComputeDriver>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<INetworkService>(
            provider => new LibvirtNetworkService((LibvirtDriver)provider.GetRequiredService<IComputeDriver>()));
        services.AddSingleton<IGuestPower>(provider => new LibvirtGuestPower((LibvirtDriver)provider.GetRequiredService<IComputeDriver>()));
        services.AddSingleton<IGuestDiagnostics>(
            provider => new LibvirtGuestDiagnostics((LibvirtDriver)provider.GetRequiredService<IComputeDriver>()));
        services.AddSingleton<IVolumeService>(provider => new TgtVolumes(options, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
