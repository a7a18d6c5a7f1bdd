using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Core.Images;
using LiveMigration.Lab;
using LiveMigration.Tests.ConfigDrives;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Servers made and removed on real hosts, over HTTP.</summary>
public sealed class LabServerTests(LabFixture fixture) : LabEndToEnd(fixture)
{
    private const string CommandLine =
        "console=ttyS0 quiet loglevel=1 mitigations=off nokaslr rodata=off noreplace-smp ipv6.disable=1 no_timer_check panic=-1 "
        + "random.trust_cpu=on lm.dirty_mb_s=1 lm.dirty_area_mb=16";

    [Fact]
    public async Task A_server_is_made_moves_and_is_removed_and_nothing_is_left()
    {
        var name = NewName();
        PutImage(name);
        var controller = await StartControllerAsync(name, Settings);
        using var client = await ClientAsync(controller);
        var before = Files();
        using var made = await client.PostAsJsonAsync("/v2.1/flavors", JsonNode.Parse(
            """{"flavor": {"name": "lab", "id": "lab", "ram": 192, "vcpus": 1, "disk": 0}}"""), Ct);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        await HostsAreUpAsync(client);

        using var answer = await client.PostAsJsonAsync("/v2.1/servers", new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["name"] = "made here",
                ["imageRef"] = NameBasedId.Of("image", "lab").ToString(),
                ["flavorRef"] = "lab",
                ["networks"] = "auto",
                ["host"] = Lab.HostA.Name,
                ["user_data"] = Convert.ToBase64String("#!/bin/sh\n"u8),
            },
        }, Ct);
        var id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["server"]!["id"]!;
        try
        {
            var server = await UntilAsync(client, id, shown => (string?)shown["status"] != "BUILD");
            Assert.True((string?)server["status"] == "ACTIVE", server.ToJsonString());
            Assert.Equal(Lab.HostA.Name, (string?)server["OS-EXT-SRV-ATTR:host"]);
            await TicksAsync(id, 3);
            var drive = new IsoReader(await File.ReadAllBytesAsync(Path.Combine(Lab.Description.SharedDir, $"{id}.config.iso"), Ct), joliet: true);
            Assert.Equal(("config-2", "#!/bin/sh\n"), (drive.Label, Encoding.UTF8.GetString(drive.Files()["openstack/latest/user_data"])));

            var move = await EndAsync(controller, await controller.Nova.MoveAsync(Guid.Parse(id), Lab.HostB.Name, Ct));
            Assert.Equal(("completed", null), (move.Status, move.Reason));
            await UntilAsync(client, id, shown => (string?)shown["OS-EXT-SRV-ATTR:host"] == Lab.HostB.Name && (string?)shown["status"] == "ACTIVE");
        }
        finally
        {
            using var removed = await client.DeleteAsync($"/v2.1/servers/{id}", Ct);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var shown = await client.GetAsync($"/v2.1/servers/{id}", Ct);
                    return shown.StatusCode == HttpStatusCode.NotFound;
                },
                "the server is gone");
        }

        Assert.Equal(before, Files());
        Assert.Empty(await LabLeftovers.OfMovesAsync(Lab, new Dictionary<string, LabHost>(), Ct));
        foreach (var host in Lab.Hosts)
        {
            Assert.Null(await Driver.FindGuestAsync(host.Name, Guid.Parse(id), Ct));
        }
    }

    [Fact]
    public async Task A_server_without_its_bridge_is_taken_back_and_nothing_is_left()
    {
        var name = NewName();
        PutImage(name);
        var controller = await StartControllerAsync(name, [.. Settings, "--Networks:0:Bridge=nobridge"]);
        using var client = await ClientAsync(controller);
        var before = Files();
        await HostsAreUpAsync(client);

        using var answer = await client.PostAsJsonAsync("/v2.1/servers", new JsonObject
        {
            ["server"] = new JsonObject
            {
                ["name"] = "never", ["imageRef"] = NameBasedId.Of("image", "lab").ToString(), ["flavorRef"] = "1", ["networks"] = "auto",
            },
        }, Ct);
        var id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["server"]!["id"]!;

        var server = await UntilAsync(client, id, shown => (string?)shown["status"] == "ERROR" && shown["OS-EXT-STS:task_state"] is null);
        Assert.Contains("nobridge", (string?)server["fault"]!["message"], StringComparison.Ordinal);
        Assert.Equal(before, Files());
        foreach (var host in Lab.Hosts)
        {
            Assert.Null(await Driver.FindGuestAsync(host.Name, Guid.Parse(id), Ct));
        }
    }

    private string[] Settings =>
    [
        $"--Servers:DiskFolder={Lab.Description.OnHosts.SharedDir}", "--Servers:VirtType=qemu", "--Networks:0:Name=lan", "--Networks:0:Bridge=br0",
        "--LiveMigration:ReservedHostMemoryMiB=0", "--LiveMigration:RamAllocationRatio=16",
    ];

    private IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(Lab.Description.SharedDir).Order(StringComparer.Ordinal)];

    private void PutImage(string controller)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Lab.Description.Folder, controller, "images")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "lab.raw"), new byte[8 << 20]);
        File.Copy(Lab.Description.Kernel, Path.Combine(folder, "vmlinuz"));
        File.Copy(Lab.Description.Initramfs, Path.Combine(folder, "initramfs"));
        File.WriteAllText(Path.Combine(folder, "lab.json"), new JsonObject
        {
            ["kernel"] = "vmlinuz",
            ["initramfs"] = "initramfs",
            ["properties"] = new JsonObject { ["os_command_line"] = CommandLine, ["hw_machine_type"] = "q35" },
        }.ToJsonString());
    }

    private static async Task<HttpClient> ClientAsync(LabController controller)
    {
        var client = new HttpClient { BaseAddress = controller.Process.BaseAddress };
        client.DefaultRequestHeaders.Add("X-Auth-Token", (await File.ReadAllTextAsync(controller.TokenFile, Ct)).Trim());
        client.DefaultRequestHeaders.Add("OpenStack-API-Version", "compute 2.93");
        return client;
    }

    private Task HostsAreUpAsync(HttpClient client) => Eventually.HoldsAsync(
        async () => JsonNode.Parse(await client.GetStringAsync("/v2.1/os-services", Ct))!["services"]!.AsArray()
            .Count(service => (string?)service!["state"] == "up") == Lab.Hosts.Count,
        "both hosts are up");

    private static async Task<JsonNode> UntilAsync(HttpClient client, string id, Func<JsonNode, bool> wanted)
    {
        JsonNode? last = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                last = JsonNode.Parse(await client.GetStringAsync($"/v2.1/servers/{id}", Ct))!["server"]!;
                return wanted(last);
            },
            "the server is as wanted");
        return last!;
    }

    private Task TicksAsync(string id, int ticks) => Eventually.HoldsAsync(
        () =>
        {
            var console = Path.Combine(Lab.Description.SharedDir, $"{id}.console.log");
            return Task.FromResult(File.Exists(console) && Lines(console).Count(line => line.StartsWith("tick ", StringComparison.Ordinal)) >= ticks);
        },
        "the guest ticks");

    private static IEnumerable<string> Lines(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
