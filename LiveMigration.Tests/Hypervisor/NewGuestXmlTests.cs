using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>The definition of a guest that is made.</summary>
public sealed class NewGuestXmlTests
{
    private static readonly GuestPlan Plan = new(new Guid(1, 0, 0, new byte[8]), "g", "g", 64, 1, "/d/g.raw", "raw", []);

    [Theory]
    [InlineData("pc-q35-7.2", "sata", "sda")]
    [InlineData("q35", "sata", "sda")]
    [InlineData("pc-i440fx-7.2", "ide", "hda")]
    [InlineData("pc", "ide", "hda")]
    [InlineData("virt-7.2", "scsi", "sda")]
    [InlineData(null, "scsi", "sda")]
    public void A_config_drive_is_on_the_bus_where_the_machine_has_its_drives(string? machine, string bus, string target)
    {
        var devices = Devices(Plan with { ConfigDrivePath = "/d/g.config.iso", Machine = machine });

        var drive = Assert.Single(devices.Elements("disk"), disk => (string?)disk.Attribute("device") == "cdrom");
        Assert.Equal(
            ("/d/g.config.iso", bus, target, true),
            ((string?)drive.Element("source")!.Attribute("file"), (string?)drive.Element("target")!.Attribute("bus"),
                (string?)drive.Element("target")!.Attribute("dev"), drive.Element("readonly") is not null));
        Assert.Equal(bus is "scsi", devices.Elements("controller").Any(controller => (string?)controller.Attribute("type") == "scsi"));
    }

    [Fact]
    public void Without_one_there_is_no_drive() => Assert.Single(Devices(Plan).Elements("disk"));

    private static XElement Devices(GuestPlan plan) =>
        XElement.Parse(NewGuestXml.Write(plan, XElement.Parse("<domainCapabilities><arch>x86_64</arch></domainCapabilities>"))).Element("devices")!;
}
