using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Asks a host whether it could run a guest's CPU. A wrong "no" would forbid a good move, a wrong "yes" only lets
/// QEMU refuse later with the guest unharmed: where libvirt can't judge, the answer is yes.
/// </summary>
internal static class CpuComparisonCheck
{
    private static readonly CpuComparison Compatible = new(Compatible: true, Explanation: null);

    internal static CpuComparison Compare(LibvirtConnection connection, GuestDescription guest)
    {
        if (Comparable(guest.CpuXml) is not { } cpu)
            return Compatible;
        try
        {
            connection.CompareHypervisorCpu(NullIfEmpty(guest.Arch), NullIfEmpty(guest.Machine), NullIfEmpty(guest.VirtType), cpu);
            return Compatible;
        }
        catch (LibvirtException error) when (error.Code == ErrorCodes.CpuIncompatible)
        {
            return new CpuComparison(Compatible: false, error.Message);
        }
        catch (LibvirtException error) when (error.Domain == ErrorDomains.Cpu && guest.VirtType is "kvm")
        {
            // A model that this libvirt has never heard of.
            return new CpuComparison(Compatible: false, error.Message);
        }
        catch (LibvirtException error) when (error.Domain == ErrorDomains.Cpu || error.Code is ErrorCodes.NoSupport or ErrorCodes.OperationUnsupported
            or ErrorCodes.ArgumentUnsupported or ErrorCodes.ConfigUnsupported)
        {
            return Compatible;
        }
    }

    /// <summary>The part of a live definition that says what the CPU must be able to do; null when it names no model.</summary>
    internal static string? Comparable(string? cpuXml)
    {
        if (cpuXml is null)
            return null;
        var cpu = GuestXml.Parse(cpuXml);

        // Pass-through and "maximum" mean whatever the host has: there is nothing to compare.
        if ((string?)cpu.Attribute("mode") is "host-passthrough" or "maximum" || cpu.Element("model") is null)
            return null;
        return new XElement(
            "cpu",
            new XAttribute("mode", "custom"),
            new XAttribute("match", (string?)cpu.Attribute("match") is "minimum" ? "minimum" : "exact"),
            new XElement("model", new XAttribute("fallback", "forbid"), cpu.Element("model")!.Value),
            cpu.Elements("vendor"),
            cpu.Elements("feature").Where(Counts)).ToString(SaveOptions.DisableFormatting);
    }

    // "hypervisor" is what every guest sees and no host has.
    private static bool Counts(XElement feature) => (string?)feature.Attribute("name") is not "hypervisor";

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
