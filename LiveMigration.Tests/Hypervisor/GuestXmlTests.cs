using System.Xml;
using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class GuestXmlTests
{
    private const string Domain = """
        <domain type='kvm' id='1'>
          <name>g1</name>
          <uuid>e72f6d37-95c9-5b4f-838e-62e3fd043f28</uuid>
          <title>A title</title>
          <metadata>
            <lm:mark xmlns:lm="https://livemigration.dev/xmlns/mark/1" migration="00000000-0000-4000-8000-0000000000aa" epoch="3" source="host-a" destination="host-b"/>
          </metadata>
          <memory unit='KiB'>262144</memory>
          <vcpu placement='static'>4</vcpu>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><nvram>/x</nvram></os>
          <cpu mode='custom' match='exact' check='full'>
            <model fallback='forbid'>qemu64</model>
            <feature policy='require' name='hypervisor'/>
            <feature policy='require' name='lahf_lm'/>
            <feature policy='disable' name='svm'/>
            <numa><cell id='0' cpus='0-3' memory='262144'/></numa>
          </cpu>
          <devices>
            <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/s/g1.qcow2'/><target dev='vda' bus='virtio'/></disk>
            <disk type='file' device='cdrom'><target dev='sda'/><readonly/></disk>
            <disk type='block' device='disk'><source dev='/dev/sdb'/><target dev='vdb'/><shareable/></disk>
            <disk type='network' device='disk'><driver type='raw'/><source protocol='iscsi' name='iqn.2026-11.x:y/1'><host name='10.0.0.5' port='3260'/></source><target dev='vdc'/></disk>
            <interface type='bridge'><mac address='52:54:00:61:E3:B7'/><source bridge='br0'/></interface>
            <tpm model='tpm-crb'/>
          </devices>
        </domain>
        """;

    [Fact]
    public void A_definition_is_read()
    {
        var domain = GuestXml.Parse(Domain);
        var guest = GuestXml.Describe(domain);

        Assert.Equal(("kvm", "x86_64", "pc-q35-7.2"), (guest.VirtType, guest.Arch, guest.Machine));
        Assert.Equal(
            [
                new("vda", "file", "/s/g1.qcow2", "qcow2", false, false, "disk", 0, 0),
                new("sda", "file", null, "raw", true, false, "cdrom", 0, 0),
                new("vdb", "block", "/dev/sdb", "raw", false, true, "disk", 0, 0),
                new("vdc", "network", null, "raw", false, false, "disk", 0, 0) { Network = new("iscsi", "iqn.2026-11.x:y/1", "10.0.0.5", 3260) },
            ],
            guest.Disks.Select(disk => disk with { Backing = [] }));
        Assert.All(guest.Disks, disk => Assert.Empty(disk.Backing));
        Assert.Equal([new("52:54:00:61:e3:b7", "bridge", "br0")], guest.Interfaces);
        Assert.Equal(["vda"], guest.Disks.Where(d => d.IsLocalAndWritable).Select(d => d.Target), StringComparer.Ordinal);
        Assert.Equal((256, 4, "A title"), (GuestXml.MemoryMiB(domain), GuestXml.Vcpus(domain), GuestXml.Title(domain)));
        Assert.True(GuestXml.HasDevice(domain, "tpm"));
        Assert.True(GuestXml.HasNvram(domain));
    }

    [Fact]
    public void A_mark_in_a_definition_is_read() => Assert.Equal(
        new MigrationMark(Guid.Parse("00000000-0000-4000-8000-0000000000aa"), 3, "host-a", "host-b"),
        MarkXml.FromDomain(GuestXml.Parse(Domain)));

    [Fact]
    public void A_mark_comes_back_as_it_was_written()
    {
        var mark = new MigrationMark(Guid.Parse("00000000-0000-4000-8000-0000000000aa"), 7, "a.b-c_d", "<&'\">");

        Assert.Equal(mark, MarkXml.Read(MarkXml.Write(mark)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<mark/>")]
    [InlineData("<mark migration='x' epoch='1' source='a' destination='b'/>")]
    [InlineData("<other migration='00000000-0000-4000-8000-0000000000aa' epoch='1' source='a' destination='b'/>")]
    public void What_is_no_mark_is_none(string? xml) => Assert.Null(MarkXml.Read(xml));

    [Fact]
    public void A_document_type_is_refused() =>
        Assert.Throws<XmlException>(() => GuestXml.Parse("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>"));

    [Fact]
    public void Only_what_the_cpu_must_do_is_compared() => Assert.Equal(
        "<cpu mode=\"custom\" match=\"exact\"><model fallback=\"forbid\">qemu64</model>"
        + "<feature policy=\"require\" name=\"lahf_lm\" /><feature policy=\"disable\" name=\"svm\" /></cpu>",
        CpuComparisonCheck.Comparable(GuestXml.Describe(GuestXml.Parse(Domain)).CpuXml));

    [Theory]
    [InlineData("<cpu mode='host-passthrough'><model>x</model></cpu>")]
    [InlineData("<cpu mode='maximum'/>")]
    [InlineData("<cpu><topology sockets='1' cores='1' threads='1'/></cpu>")]
    [InlineData(null)]
    public void A_cpu_without_a_model_is_not_compared(string? xml) => Assert.Null(CpuComparisonCheck.Comparable(xml));
}
