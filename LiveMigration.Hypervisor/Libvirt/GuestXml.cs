using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Reads a domain's definition.</summary>
internal static class GuestXml
{
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    internal static XElement Parse(string xml)
    {
        using var text = new StringReader(xml);
        using var reader = XmlReader.Create(text, Safe);
        return XElement.Load(reader);
    }

    /// <summary>What the guest is made of; sizes of disks come from elsewhere.</summary>
    internal static GuestDescription Describe(XElement domain)
    {
        var type = domain.Element("os")?.Element("type");
        return new GuestDescription(
            Guid.Parse((string?)domain.Element("uuid") ?? ""),
            (string?)domain.Attribute("type") ?? "",
            (string?)type?.Attribute("arch") ?? "",
            (string?)type?.Attribute("machine") ?? "",
            domain.Element("cpu")?.ToString(SaveOptions.DisableFormatting),
            [.. Devices(domain, "disk").Select(Disk)],
            [.. Devices(domain, "interface").Select(Interface)])
        {
            GraphicsListen = [.. Screens(domain).Select(ListenAddress).OfType<string>()],
        };
    }

    /// <summary>What shows the guest's screen over the network.</summary>
    internal static IEnumerable<XElement> Screens(XElement domain) =>
        Devices(domain, "graphics").Where(screen => (string?)screen.Attribute("type") is "vnc" or "spice");

    internal static IEnumerable<XElement> Interfaces(XElement domain) => Devices(domain, "interface");

    /// <summary>An interface's MAC, lower case.</summary>
    internal static string Mac(XElement nic) => ((string?)nic.Element("mac")?.Attribute("address") ?? "").ToLowerInvariant();

    /// <summary>The rule that an interface names.</summary>
    internal static string? Rule(XElement nic) => (string?)nic.Element("filterref")?.Attribute("filter");

    /// <summary>The host's end of an interface.</summary>
    internal static string? Tap(XElement nic) => (string?)nic.Element("target")?.Attribute("dev");

    internal static string Name(XElement domain) => (string?)domain.Element("name") ?? "";

    internal static string? Title(XElement domain) => (string?)domain.Element("title");

    internal static int Vcpus(XElement domain) =>
        int.TryParse((string?)domain.Element("vcpu"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) ? count : 1;

    internal static long MemoryMiB(XElement domain)
    {
        var memory = domain.Element("memory");
        return Bytes((string?)memory, (string?)memory?.Attribute("unit")) >> 20;
    }

    /// <summary>An amount of memory in one of libvirt's units; KiB if it names none, 0 if it is no number.</summary>
    internal static long Bytes(string? amount, string? unit)
    {
        _ = long.TryParse(amount, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number);
        return number * unit switch
        {
            "b" or "bytes" => 1L,
            "KB" => 1000L,
            "MB" => 1_000_000L,
            "M" or "MiB" => 1L << 20,
            "GB" => 1_000_000_000L,
            "G" or "GiB" => 1L << 30,
            "TB" => 1_000_000_000_000L,
            "T" or "TiB" => 1L << 40,
            _ => 1L << 10,
        };
    }

    /// <summary>True when the definition names a device of this kind, <c>tpm</c> for one.</summary>
    internal static bool HasDevice(XElement domain, string kind) => Devices(domain, kind).Any();

    internal static bool HasNvram(XElement domain) => domain.Element("os")?.Element("nvram") is not null;

    private static IEnumerable<XElement> Devices(XElement domain, string kind) => domain.Element("devices")?.Elements(kind) ?? [];

    private static GuestDisk Disk(XElement disk)
    {
        var source = disk.Element("source");
        return new GuestDisk(
            (string?)disk.Element("target")?.Attribute("dev") ?? "",
            (string?)disk.Attribute("type") ?? "file",
            (string?)source?.Attribute("file") ?? (string?)source?.Attribute("dev"),
            (string?)disk.Element("driver")?.Attribute("type") ?? "raw",
            disk.Element("readonly") is not null,
            disk.Element("shareable") is not null,
            (string?)disk.Attribute("device") ?? "disk",
            CapacityBytes: 0,
            AllocationBytes: 0)
        {
            Backing = [.. Backing(disk)],
            Encrypted = disk.Element("encryption") is not null || source?.Element("encryption") is not null,
            Network = source is not null && (string?)disk.Attribute("type") == "network" ? Network(source) : null,
        };
    }

    // The live definition nests them, the next below within the one above; the last one is empty.
    private static IEnumerable<DiskLayer> Backing(XElement disk)
    {
        for (var store = disk.Element("backingStore"); store?.Element("format") is { } format; store = store.Element("backingStore"))
            yield return new DiskLayer((string?)store.Element("source")?.Attribute("file"), (string?)format.Attribute("type") ?? "raw");
    }

    private static NetworkSource Network(XElement source)
    {
        var server = source.Element("host");
        var port = int.TryParse((string?)server?.Attribute("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return new NetworkSource(
            (string?)source.Attribute("protocol") ?? "",
            (string?)source.Attribute("name") ?? "",
            (string?)server?.Attribute("name") ?? "",
            port ? number : null);
    }

    private static GuestInterface Interface(XElement nic)
    {
        var source = nic.Element("source");
        return new GuestInterface(
            Mac(nic),
            (string?)nic.Attribute("type") ?? "",
            Network(nic, source))
        {
            Mtu = (int?)nic.Element("mtu")?.Attribute("size"),
            Rule = Rule(nic),
            Tap = Tap(nic),
            HasVirtualPort = nic.Element("virtualport") is not null,
        };
    }

    // An interface of a network also tells the bridge that the network stands for, while the guest runs.
    private static string? Network(XElement nic, XElement? source) => (string?)nic.Attribute("type") == "network"
        ? (string?)source?.Attribute("network")
        : (string?)source?.Attribute("bridge") ?? (string?)source?.Attribute("dev");

    private static string? ListenAddress(XElement screen) =>
        (string?)screen.Elements("listen").FirstOrDefault(listen => (string?)listen.Attribute("type") == "address")?.Attribute("address")
        ?? (string?)screen.Attribute("listen");
}
