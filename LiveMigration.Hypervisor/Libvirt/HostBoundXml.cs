using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Lists what in a guest's definition means something on one host only: its firmware, its memory and its pins here, its
/// devices in <see cref="HostBoundDevices"/>. Bridges, networks, disks and listening addresses of graphics are read elsewhere.
/// </summary>
internal static partial class HostBoundXml
{
    private static readonly XNamespace QemuArguments = "http://libvirt.org/schemas/domain/qemu/1.0";

    internal static IReadOnlyList<HostBound> Elements(XElement domain) =>
    [
        .. Boot(domain.Element("os")),
        .. FirmwareConfiguration(domain),
        .. Processor(domain),
        .. Pins(domain),
        .. Memory(domain),
        .. HostBoundDevices.Of(domain),
        .. Arguments(domain),
    ];

    /// <summary>Reads libvirt's lists of numbers: <c>0-3,^2,8</c>.</summary>
    internal static IReadOnlyList<int> Numbers(string list)
    {
        var numbers = new SortedSet<int>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] == '^')
            {
                numbers.ExceptWith(Range(part[1..]));
            }
            else
            {
                numbers.UnionWith(Range(part));
            }
        }

        return [.. numbers];
    }

    private static IEnumerable<HostBound> Boot(XElement? os)
    {
        foreach (var name in new[] { "loader", "kernel", "initrd", "dtb" })
        {
            if (AbsolutePath((string?)os?.Element(name)) is { } path)
            {
                yield return new BoundFile(name, path);
            }
        }

        if (os?.Element("nvram") is { } nvram)
        {
            // The contents travel with the guest; the file is made from the template.
            if (AbsolutePath(nvram.Element("source") is { } source ? (string?)source.Attribute("file") : nvram.Value) is { } path)
            {
                yield return new BoundFolder("nvram", Path.GetDirectoryName(path)!);
            }

            if (AbsolutePath((string?)nvram.Attribute("template")) is { } template)
            {
                yield return new BoundFile("nvram template", template);
            }
        }

        foreach (var table in os?.Element("acpi")?.Elements("table") ?? [])
        {
            if (AbsolutePath(table.Value) is { } path)
            {
                yield return new BoundFile("acpi table", path);
            }
        }
    }

    private static IEnumerable<HostBound> FirmwareConfiguration(XElement domain) => domain.Elements("sysinfo").Elements("entry")
        .Where(entry => entry.Attribute("file") is not null)
        .Select(entry => new BoundFile($"sysinfo entry {(string?)entry.Attribute("name")}", (string)entry.Attribute("file")!));

    private static IEnumerable<HostBound> Processor(XElement domain)
    {
        var ticksWithTheHost = domain.Elements("cpu").Elements("feature").Any(feature =>
            (string?)feature.Attribute("name") is "invtsc" && (string?)feature.Attribute("policy") is null or "require" or "force");
        var hasFrequency = domain.Elements("clock").Elements("timer").Any(timer =>
            (string?)timer.Attribute("name") is "tsc" && timer.Attribute("frequency") is not null);
        if (ticksWithTheHost && !hasFrequency)
        {
            yield return new Immovable("cpu feature invtsc", "its clock is the host's. Give the guest a tsc frequency, or drop the feature");
        }

        if (domain.Element("launchSecurity") is { } security)
        {
            yield return new Immovable(
                $"launchSecurity {(string?)security.Attribute("type")}", "memory that is encrypted by a host's key can't be moved. Stop the guest and start it there");
        }
    }

    private static IEnumerable<HostBound> Pins(XElement domain)
    {
        if ((string?)domain.Element("vcpu")?.Attribute("cpuset") is { Length: > 0 } all)
        {
            yield return new BoundProcessors("vcpu cpuset", Numbers(all));
        }

        foreach (var pin in domain.Elements("cputune").Elements().Where(pin => pin.Attribute("cpuset") is not null))
        {
            var which = (string?)pin.Attribute("vcpu") ?? (string?)pin.Attribute("iothread");
            yield return new BoundProcessors($"{pin.Name.LocalName} {which}".TrimEnd(), Numbers((string)pin.Attribute("cpuset")!));
        }

        foreach (var bound in domain.Elements("numatune").Elements().Where(bound => bound.Attribute("nodeset") is not null))
        {
            yield return new BoundCells(
                $"numatune {bound.Name.LocalName} {(string?)bound.Attribute("cellid")}".TrimEnd(), Numbers((string)bound.Attribute("nodeset")!));
        }
    }

    private static IEnumerable<HostBound> Memory(XElement domain)
    {
        if (domain.Element("memoryBacking")?.Element("hugepages") is not { } hugePages)
        {
            return [];
        }

        var pages = hugePages.Elements("page").ToList();
        return pages.Count == 0
            ? [new BoundHugePages("memoryBacking hugepages", 0, GuestXml.MemoryMiB(domain))]
            : pages.Select(page => new BoundHugePages(
                "memoryBacking hugepages",
                GuestXml.Bytes((string?)page.Attribute("size"), (string?)page.Attribute("unit")) >> 10,
                MemoryOn(domain, page)));
    }

    /// <summary>How much of the guest's memory a page size is for: that of the guest's cells which it names, all if it names none.</summary>
    private static long MemoryOn(XElement domain, XElement page)
    {
        if ((string?)page.Attribute("nodeset") is not { } nodes)
        {
            return GuestXml.MemoryMiB(domain);
        }

        var named = Numbers(nodes).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        return domain.Elements("cpu").Elements("numa").Elements("cell")
            .Where(cell => named.Contains((string?)cell.Attribute("id") ?? ""))
            .Sum(cell => GuestXml.Bytes((string?)cell.Attribute("memory"), (string?)cell.Attribute("unit"))) >> 20;
    }

    private static IEnumerable<HostBound> Arguments(XElement domain) => domain
        .Elements(QemuArguments + "commandline")
        .Elements(QemuArguments + "arg")
        .Select(argument => (string?)argument.Attribute("value") ?? "")
        .Where(value => NamesAPath().IsMatch(value))
        .Select(value => new Immovable(
            $"qemu:commandline {value}", "libvirt does not know what it is for, so nobody can say whether another host has it. Say it in libvirt's own words"));

    private static string? AbsolutePath(string? text) => text?.Trim() is { Length: > 1 } path && path[0] == '/' ? path : null;

    private static IEnumerable<int> Range(string text)
    {
        var ends = text.Split('-', 2);
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last >= first && last < 65_536
                ? Enumerable.Range(first, last - first + 1)
                : [];
    }

    [GeneratedRegex("(^|[=,:])/[^/]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamesAPath();
}
