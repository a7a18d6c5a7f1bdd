using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>
/// Asks a host what it is and has. Its processors are asked for once a connection: libvirtd works long on the answer, and
/// they don't change while it runs.
/// </summary>
internal sealed class HostFactsReader(HostOptions host)
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    private readonly ConditionalWeakTable<LibvirtConnection, HostCpu> _known = [];

    internal HostFacts Read(LibvirtConnection connection)
    {
        var hostname = connection.GetHostname();
        var node = connection.GetNodeInfo();
        var (capacity, available) = Storage(connection);
        return new HostFacts(
            hostname,
            connection.Type,
            connection.GetVersion(),
            connection.GetLibraryVersion(),
            (long)node.MemoryKiB.Value * 1024 / MiB,
            (int)node.Cpus,
            capacity / GiB,
            available / GiB,
            HostIp(host, hostname),
            _known.GetValue(connection, asked => Cpu(asked, node)))
        {
            Uptime = Uptime(connection, node.Cpus),
        };
    }

    internal static HostCpu CpuOf(XElement? hostCpu, XElement? domainCapabilities, HostCpu fallback)
    {
        var topology = hostCpu?.Element("topology");
        var named = hostCpu?.Element("model") is not null ? hostCpu : HostModel(domainCapabilities);
        return fallback with
        {
            Arch = (string?)hostCpu?.Element("arch") ?? fallback.Arch,
            Model = (string?)named?.Element("model") ?? "",
            Vendor = (string?)named?.Element("vendor") ?? "",
            Sockets = Number(topology, "sockets") ?? fallback.Sockets,
            Cores = Number(topology, "cores") ?? fallback.Cores,
            Threads = Number(topology, "threads") ?? fallback.Threads,
            Features = named is null
                ? []
                : [.. named.Elements("feature").Where(Present).Select(f => (string?)f.Attribute("name") ?? "")],
        };
    }

    private static TimeSpan? Uptime(LibvirtConnection connection, uint processors)
    {
        try
        {
            return processors == 0 ? null : TimeSpan.FromMilliseconds(connection.GetProcessorTime() / 1e6 / processors);
        }
        catch (LibvirtException error) when (!LibvirtErrors.IsConnectionLost(error))
        {
            // Not every driver counts it.
            return null;
        }
    }

    private static HostCpu Cpu(LibvirtConnection connection, LibvirtNative.NodeInfo node)
    {
        var capabilities = GuestXml.Parse(connection.GetCapabilities()).Element("host")?.Element("cpu");
        var fallback = new HostCpu(
            "", "", "", (int)Math.Max(1, node.Nodes), (int)node.Sockets, (int)node.Cores, (int)node.Threads, []);

        // A machine whose CPU libvirt does not know by name still knows what it can offer to guests.
        var offered = capabilities?.Element("model") is null ? DomainCapabilities(connection) : null;
        return CpuOf(capabilities, offered, fallback);
    }

    private static XElement? DomainCapabilities(LibvirtConnection connection)
    {
        try
        {
            return GuestXml.Parse(connection.GetDomainCapabilities());
        }
        catch (LibvirtException error) when (!LibvirtErrors.IsConnectionLost(error))
        {
            return null;
        }
    }

    private static XElement? HostModel(XElement? domainCapabilities) => domainCapabilities?.Element("cpu")?.Elements("mode")
        .FirstOrDefault(mode => (string?)mode.Attribute("name") is "host-model");

    private static bool Present(XElement feature) => (string?)feature.Attribute("policy") is not ("disable" or "forbid");

    private static int? Number(XElement? element, string attribute) =>
        int.TryParse((string?)element?.Attribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static (long Capacity, long Available) Storage(LibvirtConnection connection)
    {
        var pools = new List<(long Capacity, long Available)>();
        foreach (var pool in connection.ListActivePools())
        {
            using (pool)
            {
                if (pool.Name.StartsWith(StorageFolders.PoolPrefix, StringComparison.Ordinal))
                    continue;
                var info = pool.GetInfo();
                pools.Add(((long)info.Capacity, (long)info.Available));
            }
        }

        var distinct = Distinct(pools);
        return (distinct.Sum(p => p.Capacity), distinct.Sum(p => p.Available));
    }

    /// <summary>
    /// Folder pools on one filesystem all show that filesystem's numbers, read a moment apart: those of one size and
    /// nearly the same free space are counted once.
    /// </summary>
    internal static IReadOnlyList<(long Capacity, long Available)> Distinct(IEnumerable<(long Capacity, long Available)> pools)
    {
        var distinct = new List<(long Capacity, long Available)>();
        foreach (var pool in pools)
        {
            if (!distinct.Exists(d => d.Capacity == pool.Capacity && Math.Abs(d.Available - pool.Available) <= d.Capacity / 100))
                distinct.Add(pool);
        }

        return distinct;
    }

    private static string HostIp(HostOptions host, string hostname)
    {
        var address = ConnectionUri.Address(host.Uri);
        return address.Length > 0 ? address : host.MigrationAddress ?? hostname;
    }
}
