using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Core.ConfigDrives;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using Xunit;

namespace LiveMigration.Tests.ConfigDrives;

/// <summary>What a guest is told on its config drive.</summary>
public sealed class ConfigDriveTests
{
    private const string Mac = "52:54:00:00:00:01";
    private const string Script = "#!/bin/sh\necho \u00fc\n";
    private static readonly Guid Server = new("5e1f0000-0000-4000-8000-000000000001");
    private static readonly GuestNetwork Lan = new(new Guid("5e1f0000-0000-4000-8000-0000000000aa"), "lan", "br0") { Mtu = 9000 };

    [Theory]
    [InlineData("latest")]
    [InlineData("2018-08-27")]
    public void It_tells_who_the_guest_is_what_it_is_plugged_into_and_what_its_owner_gave_it(string version)
    {
        var files = FilesOf(NewServer(Script));

        var about = Json(files[$"openstack/{version}/meta_data.json"]);
        Assert.Equal(
            (Server.ToString(), "web 1", "web-1", "east", "p", "b"),
            ((string?)about["uuid"], (string?)about["name"], (string?)about["hostname"], (string?)about["availability_zone"],
                (string?)about["project_id"], (string?)about["meta"]!["a"]));
        var plugged = Json(files[$"openstack/{version}/network_data.json"]);
        var link = Assert.Single(plugged["links"]!.AsArray())!;
        Assert.Equal((Mac, 9000, "bridge"), ((string?)link["ethernet_mac_address"], (int?)link["mtu"], (string?)link["type"]));
        var network = Assert.Single(plugged["networks"]!.AsArray())!;
        Assert.Equal(("ipv4_dhcp", (string?)link["id"], Lan.Id.ToString()), ((string?)network["type"], (string?)network["link"], (string?)network["network_id"]));
        Assert.Equal(Script, Encoding.UTF8.GetString(files[$"openstack/{version}/user_data"]));
    }

    [Fact]
    public void Without_user_data_there_is_no_such_file() =>
        Assert.DoesNotContain(FilesOf(NewServer(userData: null)).Keys, path => path.EndsWith("user_data", StringComparison.Ordinal));

    [Fact]
    public void Made_again_of_the_same_record_it_is_the_same() => Assert.Equal(
        ConfigDrive.Write(NewServer(Script), "nova", [Lan]), ConfigDrive.Write(NewServer(Script), "nova", [Lan]));

    [Fact]
    public void The_largest_user_data_that_is_taken_has_room()
    {
        var most = new string('x', 65_535 / 4 * 3);
        Assert.Equal(most, Encoding.UTF8.GetString(FilesOf(NewServer(most))["openstack/latest/user_data"]));
    }

    [Fact]
    public void User_data_is_not_in_the_text_of_a_record() =>
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Script)), NewServer(Script).Origin.ToString(), StringComparison.Ordinal);

    private static IReadOnlyDictionary<string, byte[]> FilesOf(Instance server) =>
        new IsoReader(ConfigDrive.Write(server, "east", [Lan]), joliet: true).Files();

    private static JsonNode Json(byte[] file) => JsonNode.Parse(file)!;

    private static Instance NewServer(string? userData) => new()
    {
        Uuid = Server,
        DisplayName = "web 1",
        DomainName = "instance-5e1f0000",
        Host = "a",
        VmState = VmState.Building,
        PowerState = PowerState.NoState,
        MemoryMiB = 64,
        Vcpus = 1,
        ProjectId = "p",
        UserId = "u",
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["c"] = "d", ["a"] = "b" },
        CreatedAt = new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc),
        Origin = new InstanceOrigin
        {
            Hostname = "web-1",
            UserData = userData is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(userData)),
            HasConfigDrive = true,
            Nics = [new InstanceNic(Lan.Id, Lan.Name, Lan.Bridge, Mac)],
        },
    };
}
