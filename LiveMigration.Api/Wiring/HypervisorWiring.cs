using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Wiring;

/// <summary>Chooses the hypervisors: the configured libvirt hosts, or a simulated cluster when there are none.</summary>
internal static class HypervisorWiring
{
    /// <summary>Prints the first line: which hypervisors this program will touch.</summary>
    public static Task AnnounceAsync(WebApplication app, ApiSettings settings, string version)
    {
        var hosts = settings.Hosts.Count == 0
            ? $"simulated cluster of {app.Services.GetService<IComputeDriver>()?.Hosts.Count ?? 0} hosts (no Hosts configured)"
            : $"{settings.Hosts.Count} libvirt host{(settings.Hosts.Count == 1 ? "" : "s")}: {string.Join(", ", settings.Hosts.Select(host => host.Name))}";
        return Console.Out.WriteLineAsync($"LiveMigration {version}: {hosts}");
    }

    /// <summary>Registers the driver.</summary>
    public static IServiceCollection AddHypervisors(this IServiceCollection services, ApiSettings settings)
    {
        // SEAM: both registrations come from LiveMigration.Hypervisor.
        // settings.Hosts.Count == 0 ? services.AddSimulatedHypervisor(null) : services.AddLibvirtHypervisor(settings.Hosts, settings.Ssh)
        _ = settings;
        return services;
    }
}
