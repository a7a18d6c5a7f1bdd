using static LiveMigration.Hypervisor.Native.LibvirtException;

namespace LiveMigration.Hypervisor.Native;

/// <summary>
/// Links, networks and filters of one connection. Every method blocks, and throws <see cref="LibvirtException"/>; what is
/// not there is null.
/// </summary>
internal sealed class LibvirtNetworks(ConnectHandle connection)
{
    internal (bool Active, string Xml)? FindLink(string name)
    {
        using var link = Find(() => LibvirtNative.virInterfaceLookupByName(connection, name), ErrorCodes.NoInterface);
        return link is null
            ? null
            : (Check(LibvirtNative.virInterfaceIsActive(link)) == 1, Check(LibvirtNative.virInterfaceGetXMLDesc(link, 0)));
    }

    internal bool HasLink(string name)
    {
        using var link = Find(() => LibvirtNative.virInterfaceLookupByName(connection, name), ErrorCodes.NoInterface);
        return link is not null;
    }

    internal (bool Active, string Xml)? FindNetwork(string name)
    {
        using var network = Find(() => LibvirtNative.virNetworkLookupByName(connection, name), ErrorCodes.NoNetwork);
        return network is null
            ? null
            : (Check(LibvirtNative.virNetworkIsActive(network)) == 1, Check(LibvirtNative.virNetworkGetXMLDesc(network, 0)));
    }

    internal string? FindFilter(string name)
    {
        using var filter = Find(() => LibvirtNative.virNWFilterLookupByName(connection, name), ErrorCodes.NoFilter);
        return filter is null ? null : Check(LibvirtNative.virNWFilterGetXMLDesc(filter, 0));
    }

    internal void DefineFilter(string xml)
    {
        using var filter = Check(LibvirtNative.virNWFilterDefineXML(connection, xml));
    }

    /// <summary>Removes a filter; libvirt itself refuses one that is in force.</summary>
    internal void UndefineFilter(string name)
    {
        using var filter = Find(() => LibvirtNative.virNWFilterLookupByName(connection, name), ErrorCodes.NoFilter);
        if (filter is not null)
            _ = Check(LibvirtNative.virNWFilterUndefine(filter));
    }

    /// <summary>True when a filter is in force on a port.</summary>
    internal bool IsFiltered(string port)
    {
        using var binding = Find(() => LibvirtNative.virNWFilterBindingLookupByPortDev(connection, port), ErrorCodes.NoFilterBinding);
        return binding is not null;
    }

    private static THandle? Find<THandle>(Func<THandle> lookUp, int absent)
        where THandle : System.Runtime.InteropServices.SafeHandle
    {
        try
        {
            return Check(lookUp());
        }
        catch (LibvirtException error) when (error.Code == absent)
        {
            return null;
        }
    }
}
