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
        services.AddSingleton(provider => new LibvirtDriver(
            options,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared,
            provider.GetRequiredService<ILogger<LibvirtDriver>>()));
        services.AddSingleton<IComputeDriver>(provider => provider.GetRequiredService<LibvirtDriver>());
        services.AddSingleton<IDiskImages>(provider => new LibvirtDiskImages(provider.GetRequiredService<LibvirtDriver>()));
        services.AddSingleton<IGuestBuilder>(provider => new LibvirtGuestBuilder(provider.GetRequiredService<LibvirtDriver>()));
        services.AddSingleton<IHostBindings>(provider => new LibvirtBindings(
            provider.GetRequiredService<LibvirtDriver>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<INetworkService>(
            provider => new LibvirtNetworkService(provider.GetRequiredService<LibvirtDriver>()));
        services.AddSingleton<IGuestPower>(provider => new LibvirtGuestPower(provider.GetRequiredService<LibvirtDriver>()));
        services.AddSingleton<IGuestDiagnostics>(
            provider => new LibvirtGuestDiagnostics(provider.GetRequiredService<LibvirtDriver>()));
        services.AddSingleton<IVolumeService>(provider => new TgtVolumes(options, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
