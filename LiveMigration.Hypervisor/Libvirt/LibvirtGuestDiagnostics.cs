using System.Globalization;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>What libvirt counts of guests.</summary>
public sealed class LibvirtGuestDiagnostics(LibvirtDriver driver) : IGuestDiagnostics
{
    /// <inheritdoc/>
    public Task<GuestCounters> ReadAsync(string host, Guid guest, CancellationToken ct) =>
        driver.ConnectionOf(host).CallAsync(connection => Read(connection, host, guest), ct, guest);

    /// <summary>libvirt's flat names in our shape.</summary>
    internal static GuestCounters Of(GuestState state, GuestDescription guest, IReadOnlyDictionary<string, string> values)
    {
        var macs = guest.Interfaces.Where(nic => nic.Tap is not null).ToDictionary(nic => nic.Tap!, nic => nic.Mac, StringComparer.Ordinal);
        return new GuestCounters(
            state,
            [.. Enumerable.Range(0, (int)Number("vcpu.maximum")).Where(i => values.ContainsKey($"vcpu.{i}.time")).Select(i => Number($"vcpu.{i}.time"))],
            [
                .. Enumerable.Range(0, (int)Number("block.count")).Select(i => $"block.{i}").Select(disk => new DiskCounters(
                    values.GetValueOrDefault($"{disk}.name", ""),
                    Number($"{disk}.rd.reqs"),
                    Number($"{disk}.rd.bytes"),
                    Number($"{disk}.wr.reqs"),
                    Number($"{disk}.wr.bytes"))),
            ],
            [
                .. Enumerable.Range(0, (int)Number("net.count")).Select(i => $"net.{i}").Select(nic => new InterfaceCounters(
                    values.GetValueOrDefault($"{nic}.name", ""),
                    macs.GetValueOrDefault(values.GetValueOrDefault($"{nic}.name", ""), ""),
                    Packets($"{nic}.rx"),
                    Packets($"{nic}.tx"))),
            ],
            Number("balloon.maximum"),
            Number("balloon.current"),
            Number("balloon.rss"));

        PacketCounters Packets(string key) =>
            new(Number($"{key}.bytes"), Number($"{key}.pkts"), Number($"{key}.errs"), Number($"{key}.drop"));

        long Number(string key) =>
            long.TryParse(values.GetValueOrDefault(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static GuestCounters Read(LibvirtConnection connection, string host, Guid guest)
    {
        using var domain = connection.LookupDomain(guest);
        if (!domain.IsActive)
            throw new HypervisorRefused(host, "Requested operation is not valid: domain is not running");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in domain.GetStatistics())
            values.TryAdd(name, value);
        return Of(GuestReader.Observe(domain, host).State, GuestXml.Describe(GuestXml.Parse(domain.GetXml())), values);
    }
}
