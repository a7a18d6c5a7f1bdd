using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;

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
    public static JsonObject Full(HypervisorReport report, Microversion version, bool withServers)
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
            // libvirt does not tell it; null is what Nova shows for such a driver.
            document["uptime"] = null;
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
