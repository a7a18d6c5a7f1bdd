using LiveMigration.Api.Settings;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Simulated;

using HostOptions = LiveMigration.Hypervisor.Libvirt.HostOptions;

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
    /// <exception cref="InvalidSettings">A host's settings are wrong.</exception>
    public static IServiceCollection AddHypervisors(this IServiceCollection services, ApiSettings settings) =>
        settings.Hosts.Count == 0
            ? services.AddSimulatedHypervisor()
            : services.AddLibvirtHypervisor(new LibvirtOptions
            {
                Hosts =
                [
                    .. settings.Hosts.Select(host => new HostOptions
                    {
                        Name = host.Name,
                        Uri = host.Uri,
                        MigrationAddress = host.MigrationAddress,
                        InitiatorAddress = host.InitiatorAddress,
                        KeyFile = host.KeyFile,
                        KnownHostsFile = host.KnownHostsFile,
                        GraphicsListen = host.GraphicsListen,
                        Bridges = host.Bridges,
                    }),
                ],
                Ssh = new SshOptions { KeyFile = settings.Ssh.KeyFile, KnownHostsFile = settings.Ssh.KnownHostsFile },
                Volumes =
                [
                    .. settings.Volumes.Select(volume => new VolumeOptions
                    {
                        Portal = volume.Portal,
                        Ssh = volume.Ssh,
                        ControlPort = volume.ControlPort,
                    }),
                ],
                StateFolder = settings.StateFolder,
            });
}
