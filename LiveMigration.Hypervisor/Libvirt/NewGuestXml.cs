using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// The definition of a guest that we make, in what its host says it can: architecture, machine, emulator, and whether
/// there is hardware to run it on. Pure.
/// </summary>
internal static class NewGuestXml
{
    internal static string Write(GuestPlan plan, XElement capabilities)
    {
        var virtType = (string?)capabilities.Element("domain") ?? "qemu";
        var arch = (string?)capabilities.Element("arch") ?? "x86_64";
        return new XElement(
            "domain",
            new XAttribute("type", virtType),
            new XElement("name", plan.Name),
            new XElement("uuid", plan.Uuid.ToString("D")),
            new XElement("title", Title(plan.Title)),
            new XElement("memory", new XAttribute("unit", "MiB"), Number(plan.MemoryMiB)),
            new XElement("vcpu", Number(plan.Vcpus)),
            Boot(plan, arch, plan.Machine ?? (string?)capabilities.Element("machine")),
            arch is "x86_64" or "i686" ? new XElement("features", new XElement("acpi"), new XElement("apic")) : null,
            Cpu(virtType, arch),
            new XElement("clock", new XAttribute("offset", "utc")),
            new XElement("on_poweroff", "destroy"),
            new XElement("on_reboot", "restart"),
            new XElement("on_crash", "destroy"),
            Devices(plan, capabilities)).ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Boot(GuestPlan plan, string arch, string? machine)
    {
        var type = new XElement("type", new XAttribute("arch", arch), "hvm");
        if (machine is not null)
            type.SetAttributeValue("machine", machine);
        return plan.Kernel is null
            ? new XElement("os", type, new XElement("boot", new XAttribute("dev", "hd")))
            : new XElement(
                "os",
                type,
                new XElement("kernel", plan.Kernel),
                plan.Initramfs is null ? null : new XElement("initrd", plan.Initramfs),
                plan.CommandLine is null ? null : new XElement("cmdline", plan.CommandLine));
    }

    // An emulated processor has the same features everywhere by its name; a real one is named by libvirt when it starts.
    private static XElement? Cpu(string virtType, string arch) => (virtType, arch) switch
    {
        ("qemu", "x86_64") => new XElement(
            "cpu",
            new XAttribute("mode", "custom"),
            new XAttribute("match", "exact"),
            new XAttribute("check", "none"),
            new XElement("model", new XAttribute("fallback", "forbid"), "qemu64")),
        ("kvm", _) => new XElement("cpu", new XAttribute("mode", arch is "x86_64" ? "host-model" : "host-passthrough")),
        _ => null,
    };

    private static XElement Devices(GuestPlan plan, XElement capabilities) => new(
        "devices",
        (plan.Emulator ?? (string?)capabilities.Element("path")) is { } emulator ? new XElement("emulator", emulator) : null,
        new XElement(
            "disk",
            new XAttribute("type", "file"),
            new XAttribute("device", "disk"),
            // Without QEMU's cache: else a move over shared storage could lose writes, and libvirt refuses it.
            new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", plan.DiskFormat), new XAttribute("cache", "none")),
            new XElement("source", new XAttribute("file", plan.DiskPath)),
            new XElement("target", new XAttribute("dev", "vda"), new XAttribute("bus", "virtio"))),
        plan.ConfigDrivePath is null ? null : Drive(plan.ConfigDrivePath, DriveBus(plan.Machine ?? (string?)capabilities.Element("machine"))),
        new XElement("controller", new XAttribute("type", "usb"), new XAttribute("model", "none")),
        plan.Nics.Select(Nic),
        plan.ConsolePath is null ? null : new XElement(
            "serial",
            new XAttribute("type", "file"),
            new XElement("source", new XAttribute("path", plan.ConsolePath), new XAttribute("append", "on"))),
        new XElement("memballoon", new XAttribute("model", "virtio")));

    // Where a machine type has its CD-ROM drives; one that is neither of PC's has none but those of SCSI.
    private static string DriveBus(string? machine) => machine switch
    {
        null => "scsi",
        _ when machine.Contains("q35", StringComparison.Ordinal) => "sata",
        _ when machine is "pc" || machine.StartsWith("pc-", StringComparison.Ordinal) => "ide",
        _ => "scsi",
    };

    private static XElement[] Drive(string path, string bus)
    {
        var drive = new XElement(
            "disk",
            new XAttribute("type", "file"),
            new XAttribute("device", "cdrom"),
            new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw"), new XAttribute("cache", "none")),
            new XElement("source", new XAttribute("file", path)),
            new XElement("target", new XAttribute("dev", bus is "ide" ? "hda" : "sda"), new XAttribute("bus", bus)),
            new XElement("readonly"));
        return bus is "scsi"
            ? [drive, new XElement("controller", new XAttribute("type", "scsi"), new XAttribute("model", "virtio-scsi"))]
            : [drive];
    }

    private static XElement Nic(PlannedNic nic) => new(
        "interface",
        new XAttribute("type", "bridge"),
        new XElement("mac", new XAttribute("address", nic.Mac)),
        new XElement("source", new XAttribute("bridge", nic.Bridge)),
        new XElement("model", new XAttribute("type", "virtio")),
        new XElement("rom", new XAttribute("enabled", "no")));

    // libvirt takes no line breaks in a title, and XML no other control characters.
    private static string Title(string text) => new([.. text.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character)]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
