using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>What is read from, and written into, libvirt's definitions of disks and of the files that hold them.</summary>
public sealed class DiskXmlTests
{
    private const string Domain = """
        <domain type='kvm' id='1'>
          <uuid>e72f6d37-95c9-5b4f-838e-62e3fd043f28</uuid>
          <os><loader>/fw</loader><nvram>/vars/g1.fd</nvram></os>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='qcow2'/><source file='/s/top' index='1'/>
              <backingStore type='file' index='2'>
                <format type='qcow2'/><source file='/s/middle'/>
                <backingStore type='network' index='3'>
                  <format type='raw'/><source protocol='nbd' name='base'/><backingStore/>
                </backingStore>
              </backingStore>
              <target dev='vda' bus='virtio'/>
            </disk>
            <disk type='file' device='disk'>
              <driver name='qemu' type='qcow2'/><source file='/s/secret'><encryption format='luks'/></source><backingStore/><target dev='vdb'/>
            </disk>
          </devices>
        </domain>
        """;

    [Fact]
    public void A_disk_tells_what_it_rests_on_down_to_what_is_no_file()
    {
        var disks = GuestXml.Describe(GuestXml.Parse(Domain)).Disks;

        Assert.Equal([new DiskLayer("/s/middle", "qcow2"), new DiskLayer(null, "raw")], disks[0].Backing);
        Assert.Empty(disks[1].Backing);
        Assert.Equal([false, true], disks.Select(disk => disk.Encrypted));
    }

    [Theory]
    [InlineData("/s/top", true)]
    [InlineData("/s/middle", true)]
    [InlineData("/vars/g1.fd", true)]
    [InlineData("/s/to", false)]
    [InlineData("/s/top2", false)]
    public void A_file_is_in_use_by_whatever_names_it(string path, bool expected) =>
        Assert.Equal(expected, DiskUsers.Names(GuestXml.Parse(Domain), path));

    [Fact]
    public void An_image_is_asked_for_with_its_size_its_header_and_its_chain() => Assert.Equal(
        "<volume><name>d</name><capacity unit=\"bytes\">1073741824</capacity><allocation unit=\"bytes\">0</allocation>"
        + "<target><format type=\"qcow2\" /><compat>1.1</compat><clusterSize unit=\"B\">65536</clusterSize></target>"
        + "<backingStore><path>/s/base</path><format type=\"raw\" /></backingStore></volume>",
        VolumeXml.Write(
            new NewDiskImage("/s/d", "qcow2", 1 << 30, new DiskLayer("/s/base", "raw"), new ImageDetails("1.1", 65_536)), "d"));

    [Theory]
    [InlineData("qcow2", null, "1048576", 1)]
    [InlineData("raw", null, "1048576", 0)]
    [InlineData("qcow2", "/s/base", "0", 0)]
    public void Only_an_image_that_rests_on_nothing_gets_all_its_room_at_once(string format, string? backing, string allocation, uint flags)
    {
        var image = new NewDiskImage("/s/d", format, 1 << 20, backing is null ? null : new DiskLayer(backing, "qcow2"), ImageDetails.None) { HasAllRoom = true };

        Assert.Contains($"<allocation unit=\"bytes\">{allocation}</allocation>", VolumeXml.Write(image, "d"), StringComparison.Ordinal);
        Assert.Equal(flags, (uint)VolumeXml.Flags(image));
    }

    [Fact]
    public void A_file_is_as_long_as_it_is_whatever_disk_its_header_promises()
    {
        const string volume = """
            <volume type='file'><name>d</name><capacity unit='bytes'>1073741824</capacity><allocation unit='bytes'>393216</allocation>
            <physical unit='bytes'>262144</physical>
            <target><path>/s/d</path><format type='qcow2'/><compat>1.1</compat><clusterSize unit='B'>65536</clusterSize></target></volume>
            """;

        Assert.Equal(new DiskImage("/s/d", 262_144, 393_216, new ImageDetails("1.1", 65_536)), VolumeXml.Read(volume, "/s/d"));
    }
}
