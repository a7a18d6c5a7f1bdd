using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Makes of a guest's definition the one that its destination is given. Only what the host sees may be changed, never what
/// the guest sees: libvirt would refuse that. Our mark stays where it is.
/// </summary>
internal static class DestinationXml
{
    /// <summary>The definition with the changes made.</summary>
    internal static string Of(string xml, DestinationChanges changes)
    {
        var domain = GuestXml.Parse(xml);
        SetBridges(domain, changes);
        if (changes.GraphicsListen is { } address)
            SetGraphicsListen(domain, address);
        return domain.ToString(SaveOptions.DisableFormatting);
    }

    private static void SetBridges(XElement domain, DestinationChanges changes)
    {
        foreach (var nic in GuestXml.Interfaces(domain))
        {
            if (changes.Bridges.TryGetValue(GuestXml.Mac(nic), out var bridge))
                nic.Element("source")?.SetAttributeValue("bridge", bridge);
        }
    }

    private static void SetGraphicsListen(XElement domain, string address)
    {
        foreach (var screen in GuestXml.Screens(domain))
        {
            // The attribute is the element's shadow; libvirt wants the two alike.
            if (screen.Attribute("listen") is { } shadow)
                shadow.Value = address;
            foreach (var listen in screen.Elements("listen").Where(listen => (string?)listen.Attribute("type") == "address"))
                listen.SetAttributeValue("address", address);
        }
    }
}
