using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Hosts;

/// <summary>A host as Nova's hypervisor.</summary>
internal static class HypervisorDocument
{
    /// <summary>The item of a brief list.</summary>
    /// <param name="report">The host.</param>
    /// <param name="version">The version in force.</param>
    /// <param name="withServers">Whether its servers were asked for.</param>
    public static JsonObject Brief(HypervisorReport report, Microversion version, bool withServers)
    {
        var document = new JsonObject
        {
            ["id"] = Id(report, version),
            ["hypervisor_hostname"] = report.Node.HypervisorHostname,
            ["state"] = report.Node.IsUp ? "up" : "down",
            ["status"] = report.Node.Enabled ? "enabled" : "disabled",
        };
        AddServers(document, report, version, withServers);
        return document;
    }

    /// <summary>The full document.</summary>
    public static JsonObject Full(HypervisorReport report, Microversion version, bool withServers, DateTime now)
    {
        var node = report.Node;
        var document = Brief(report, version, withServers: false);
        document["hypervisor_type"] = node.HypervisorType;
        document["hypervisor_version"] = node.HypervisorVersion;
        document["host_ip"] = node.HostIp;
        document["service"] = new JsonObject
        {
            ["id"] = version.AtLeast(53) ? node.ServiceUuid.ToString() : node.Id,
            ["host"] = node.Host,
            ["disabled_reason"] = node.DisabledReason,
        };
        if (version.AtLeast(88))
        {
            document["uptime"] = node.IsUp ? Uptime(node, now) : null;
        }
        else
        {
            AddNumbers(document, report);
            document["cpu_info"] = version.AtLeast(28) ? CpuInfo(node.CpuInfoJson) : node.CpuInfoJson;
        }

        AddServers(document, report, version, withServers);
        return document;
    }

    /// <summary>The numbers that Nova showed up to 2.87, of one host.</summary>
    public static void AddNumbers(JsonObject document, HypervisorReport report)
    {
        var node = report.Node;
        document["vcpus"] = node.Vcpus;
        document["memory_mb"] = node.MemoryMiB;
        document["local_gb"] = node.LocalGiB;
        document["vcpus_used"] = report.VcpusUsed;
        document["memory_mb_used"] = report.MemoryUsedMiB;
        document["local_gb_used"] = node.LocalGiB - node.FreeDiskGiB;
        document["free_ram_mb"] = node.MemoryMiB - report.MemoryUsedMiB;
        document["free_disk_gb"] = node.FreeDiskGiB;
        document["current_workload"] = 0;
        document["running_vms"] = report.Guests.Count(guest => guest.Running);
        document["disk_available_least"] = node.FreeDiskGiB;
    }

    /// <summary>
    /// In the words of <c>uptime(1)</c>, as far as libvirt knows them: it tells neither users nor load. Null when the host
    /// does not say since when it runs.
    /// </summary>
    public static string? Uptime(ComputeNode node, DateTime now)
    {
        if (now - node.BootedAt is not { } up || up < TimeSpan.Zero)
        {
            return null;
        }

        var days = up.Days switch
        {
            0 => "",
            1 => "1 day, ",
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} days, "),
        };
        var hours = up.Hours == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{up.Minutes} min")
            : string.Create(CultureInfo.InvariantCulture, $"{up.Hours,2}:{up.Minutes:00}");
        return string.Create(CultureInfo.InvariantCulture, $" {now:HH:mm:ss} up {days}{hours}\n");
    }

    /// <summary>The id of this version.</summary>
    public static JsonNode Id(HypervisorReport report, Microversion version) =>
        version.AtLeast(53) ? report.Node.Uuid.ToString() : report.Node.Id;

    private static void AddServers(JsonObject document, HypervisorReport report, Microversion version, bool withServers)
    {
        if (withServers && (report.Guests.Count > 0 || version.AtLeast(75)))
        {
            document["servers"] = NovaJson.Array(report.Guests.Select(guest =>
                new JsonObject { ["name"] = guest.DomainName, ["uuid"] = guest.Uuid.ToString() }));
        }
    }

    private static JsonNode CpuInfo(string json)
    {
        try
        {
            return JsonNode.Parse(json) ?? new JsonObject();
        }
        catch (JsonException)
        {
            return new JsonObject();
        }
    }
}
