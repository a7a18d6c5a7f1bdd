using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>The processor that a running guest really has.</summary>
internal static class GuestCpu
{
    /// <summary>
    /// The <c>cpu</c> element of a live definition. Where it says no more than "all that the host has", what the host has
    /// is put in its place: the guest has seen it, and needs it elsewhere.
    /// </summary>
    internal static string? Expand(LibvirtConnection connection, XElement domain, GuestDescription guest)
    {
        var mode = (string?)domain.Element("cpu")?.Attribute("mode");
        if (mode is not ("host-passthrough" or "maximum"))
            return guest.CpuXml;
        try
        {
            var emulator = (string?)domain.Element("devices")?.Element("emulator");
            var capabilities = connection.GetDomainCapabilities(emulator, guest.Arch, guest.Machine, guest.VirtType);
            return HostModel(GuestXml.Parse(capabilities)) ?? guest.CpuXml;
        }
        catch (LibvirtException error) when (!LibvirtErrors.IsConnectionLost(error))
        {
            // Nobody can say what it has; the element itself compares as "fits everywhere".
            return guest.CpuXml;
        }
    }

    /// <summary>What a host can give a guest, as the <c>cpu</c> element of a guest that asks for all of it.</summary>
    internal static string? HostModel(XElement domainCapabilities)
    {
        var model = domainCapabilities.Elements("cpu").Elements("mode").FirstOrDefault(mode => (string?)mode.Attribute("name") is "host-model");
        return model?.Element("model") is null
            ? null
            : new XElement(
                "cpu",
                new XAttribute("mode", "custom"),
                new XAttribute("match", "exact"),
                model.Element("model"),
                model.Elements("vendor"),
                model.Elements("feature")).ToString(SaveOptions.DisableFormatting);
    }
}
