using System.Globalization;
using System.Net;
using LiveMigration.Hypervisor.Volumes;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Says what is wrong with the settings of storage servers before anything is asked of them.</summary>
internal static class VolumeOptionsValidator
{
    internal static IEnumerable<string> Validate(LibvirtOptions options)
    {
        if (options.Volumes.Count > 0)
        {
            foreach (var fault in options.Hosts.Select(InitiatorFault).OfType<string>()) yield return fault;
        }

        for (var i = 0; i < options.Volumes.Count; i++)
        {
            var setting = string.Create(CultureInfo.InvariantCulture, $"Volumes:{i}");
            foreach (var fault in Faults(setting, options.Volumes[i])) yield return fault;
        }

        var portals = options.Volumes.Select(volume => Address.TryParse(volume.Portal)?.Portal).OfType<string>();
        foreach (var portal in portals.GroupBy(portal => portal, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"Volumes: the portal {portal.Key} occurs {portal.Count()} times; every storage server is named once.";
    }

    private static IEnumerable<string> Faults(string setting, VolumeOptions volume)
    {
        if (Address.TryParse(volume.Portal) is not { User: null })
            yield return $"{setting}:Portal is '{volume.Portal}'; allowed is ADDRESS or ADDRESS:PORT as guests' definitions name it.";
        if (volume.Ssh is not null && Address.TryParse(volume.Ssh) is null)
            yield return $"{setting}:Ssh is '{volume.Ssh}'; allowed is [USER@]ADDRESS[:PORT].";
        if (volume.ControlPort is < 0 or > 32767)
            yield return $"{setting}:ControlPort is {volume.ControlPort.ToString(CultureInfo.InvariantCulture)}; allowed are 0 to 32767.";
        if (volume.TimeoutSeconds is < 1 or > 600)
            yield return $"{setting}:TimeoutSeconds is {volume.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)}; allowed are 1 to 600.";
    }

    /// <summary>An access list is made of IP addresses; what a name stands for may change behind it.</summary>
    private static string? InitiatorFault(HostOptions host) => IPAddress.TryParse(InitiatorAddress.Of(host), out _)
        ? null
        : $"host '{host.Name}': with Volumes configured its InitiatorAddress, '{InitiatorAddress.Of(host)}', must be an IP address.";
}
