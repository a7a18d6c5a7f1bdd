using System.Xml.Linq;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class DestinationXmlTests
{
    private const string Domain = """
        <domain type='kvm'>
          <name>g1</name>
          <uuid>e72f6d37-95c9-5b4f-838e-62e3fd043f28</uuid>
          <metadata>
            <lm:mark xmlns:lm="https://livemigration.dev/xmlns/mark/1" migration="00000000-0000-4000-8000-0000000000aa" epoch="3" source="host-a" destination="host-b"/>
          </metadata>
          <devices>
            <interface type='bridge'><mac address='52:54:00:61:E3:B7'/><source bridge='br0'/><model type='virtio'/><address type='pci' slot='0x01'/></interface>
            <interface type='bridge'><mac address='52:54:00:61:e3:b8'/><source bridge='br0'/></interface>
            <interface type='user'><mac address='52:54:00:61:e3:b9'/></interface>
            <graphics type='vnc' port='-1' listen='192.0.2.1'><listen type='address' address='192.0.2.1'/></graphics>
            <graphics type='spice'><listen type='socket' socket='/run/s'/></graphics>
          </devices>
        </domain>
        """;

    private static readonly DestinationChanges Other = new()
    {
        Bridges = new Dictionary<string, string> { ["52:54:00:61:e3:b7"] = "br7" },
        GraphicsListen = "192.0.2.2",
    };

    [Fact]
    public void Only_what_was_asked_for_differs()
    {
        var expected = Domain.Replace("B7'/><source bridge='br0'", "B7'/><source bridge='br7'", StringComparison.Ordinal)
            .Replace("192.0.2.1", "192.0.2.2", StringComparison.Ordinal);

        Assert.True(XNode.DeepEquals(GuestXml.Parse(expected), GuestXml.Parse(DestinationXml.Of(Domain, Other))));
    }

    [Fact]
    public void The_mark_stays()
    {
        var mark = MarkXml.FromDomain(GuestXml.Parse(DestinationXml.Of(Domain, Other)));

        Assert.Equal(("host-a", "host-b", 3), (mark?.Source, mark?.Destination, mark?.Epoch));
    }

    [Fact]
    public void Without_changes_nothing_differs()
    {
        Assert.True(DestinationChanges.None.AreNone);
        Assert.True(XNode.DeepEquals(GuestXml.Parse(Domain), GuestXml.Parse(DestinationXml.Of(Domain, DestinationChanges.None))));
    }
}
