using System.Globalization;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Asks a host for what a guest is bound to, and for nothing else. Everything here blocks.</summary>
internal static class HostOfferReader
{
    private static readonly string[] UsageTypes = ["none", "volume", "ceph", "iscsi", "tls", "vtpm"];

    internal static HostOffer Read(LibvirtConnection connection, GuestBindings guest)
    {
        XElement machine;
        try
        {
            machine = GuestXml.Parse(connection.GetDomainCapabilities(guest.Emulator, guest.Arch, guest.Machine, guest.VirtType));
        }
        catch (LibvirtException error) when (error.Code is ErrorCodes.NoSupport)
        {
            // A driver that does not tell; whether it can will be seen.
            return Offer(connection, guest) with { EmulatesTpm = true };
        }
        catch (LibvirtException error) when (!LibvirtErrors.IsConnectionLost(error))
        {
            return new HostOffer { MachineRefusal = error.Message };
        }

        return Offer(connection, guest) with { EmulatesTpm = EmulatesTpm(machine) };
    }

    internal static bool EmulatesTpm(XElement domainCapabilities) => domainCapabilities
        .Elements("devices").Elements("tpm").Elements("enum")
        .Where(values => (string?)values.Attribute("name") is "backendModel")
        .Elements("value").Any(value => value.Value is "emulator");

    /// <summary>The numbers of the processors and of the NUMA cells in a host's capabilities.</summary>
    internal static (IReadOnlyList<int> Processors, IReadOnlyList<int> Cells) Topology(XElement capabilities)
    {
        var cells = capabilities.Elements("host").Elements("topology").Elements("cells").Elements("cell").ToList();
        return (Ids(cells.Elements("cpus").Elements("cpu")), Ids(cells));

        static IReadOnlyList<int> Ids(IEnumerable<XElement> elements) =>
            [.. elements.Select(element => int.Parse((string?)element.Attribute("id") ?? "-1", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))];
    }

    private static HostOffer Offer(LibvirtConnection connection, GuestBindings guest)
    {
        var bound = guest.Elements;
        var offer = new HostOffer
        {
            Secrets = [.. bound.OfType<BoundSecret>().Where(secret => Has(connection, secret)).Select(secret => secret.Key)],
        };
        var sizes = bound.OfType<BoundHugePages>().Select(pages => pages.PageKiB).ToHashSet();
        if (sizes.Count == 0 && !bound.Any(element => element is BoundProcessors or BoundCells))
            return offer;
        var capabilities = GuestXml.Parse(connection.GetCapabilities());
        var (processors, cells) = Topology(capabilities);
        return offer with
        {
            Processors = processors,
            Cells = cells,
            FreeHugePagesMiB = sizes.ToDictionary(size => size, size => FreeMiB(connection, capabilities, size)),
        };
    }

    private static bool Has(LibvirtConnection connection, BoundSecret secret) => secret.Uuid is { } uuid
        ? connection.HasSecret(uuid)
        : Array.IndexOf(UsageTypes, secret.UsageType) is > 0 and var type && connection.HasSecret(type, secret.Usage ?? "");

    /// <summary>Which size is a host's default is not told: the one of which most is free stands for it.</summary>
    private static long FreeMiB(LibvirtConnection connection, XElement capabilities, long pageKiB)
    {
        const long OrdinaryPageKiB = 64;
        if (pageKiB > 0)
            return FreeMiB(connection, pageKiB);
        return capabilities.Elements("host").Elements("cpu").Elements("pages")
            .Select(pages => GuestXml.Bytes((string?)pages.Attribute("size"), (string?)pages.Attribute("unit")) >> 10)
            .Where(size => size > OrdinaryPageKiB)
            .Select(size => FreeMiB(connection, size))
            .DefaultIfEmpty(0)
            .Max();
    }

    private static long FreeMiB(LibvirtConnection connection, long pageKiB)
    {
        try
        {
            return (long)connection.GetFreePages((uint)pageKiB) * pageKiB >> 10;
        }
        catch (LibvirtException error) when (!LibvirtErrors.IsConnectionLost(error))
        {
            // The host knows no pages of this size.
            return 0;
        }
    }
}
