using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Tells whether a guest is plugged in. libvirt puts a tap into its bridge when it makes it and before it names it in the
/// guest's definition, so a tap that is named and there is plugged in; a rule in force has a binding to it.
/// </summary>
internal static class PlugReader
{
    internal static IReadOnlyList<string> FindUnplugged(
        LibvirtConnection connection, Guid guest, IReadOnlyList<PlannedInterface> interfaces)
    {
        var taps = Taps(connection, guest);
        var networks = connection.Networks;
        return [.. interfaces.Where(nic => !IsPlugged(networks, taps.GetValueOrDefault(nic.Mac), nic)).Select(nic => nic.Mac)];
    }

    private static Dictionary<string, string> Taps(LibvirtConnection connection, Guid guest)
    {
        var taps = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var domain = connection.LookupDomain(guest);
            foreach (var nic in GuestXml.Interfaces(GuestXml.Parse(domain.GetXml())))
            {
                if (GuestXml.Tap(nic) is { } tap)
                    taps[GuestXml.Mac(nic)] = tap;
            }
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.NoDomain)
        {
            // Not there yet.
        }

        return taps;
    }

    private static bool IsPlugged(LibvirtNetworks networks, string? tap, PlannedInterface nic)
    {
        if (tap is null)
            return false;
        try
        {
            return networks.HasLink(tap) && (nic.Rule is null || networks.IsFiltered(tap));
        }
        catch (LibvirtException error) when (NetworkReader.IsNoDriver(error))
        {
            // The host has no means to tell; that libvirt has named the tap must do.
            return true;
        }
    }
}
