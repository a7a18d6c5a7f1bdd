using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

/// <summary>Everything in a definition that means something on one host only.</summary>
public sealed class HostBoundXmlTests
{
    [Fact]
    public void An_ordinary_guest_is_bound_to_nothing() => Assert.Empty(Read(
        """
        <vcpu placement='static'>2</vcpu>
        <cpu mode='custom'><model>Haswell</model><feature policy='disable' name='invtsc'/></cpu>
        <devices>
          <disk type='file' device='disk'><source file='/srv/a.qcow2'/><target dev='vda'/></disk>
          <disk type='file' device='cdrom'><target dev='sda'/></disk>
          <interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/></interface>
          <serial type='pty'><target port='0'/></serial>
          <channel type='unix'><source mode='bind'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
          <graphics type='vnc' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>
          <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
          <memballoon model='virtio'/>
        </devices>
        """));

    [Fact]
    public void What_it_boots_from_is_listed() => Assert.Equal(
        [
            new BoundFile("loader", "/usr/share/OVMF/OVMF_CODE.fd"),
            new BoundFile("kernel", "/boot/vmlinuz"),
            new BoundFile("initrd", "/boot/initrd"),
            new BoundFolder("nvram", "/var/lib/libvirt/qemu/nvram"),
            new BoundFile("nvram template", "/usr/share/OVMF/OVMF_VARS.fd"),
            new BoundFile("acpi table", "/etc/slic.dat"),
            new BoundFile("sysinfo entry opt/x", "/etc/ignition.json"),
        ],
        Read(
            """
            <os>
              <kernel>/boot/vmlinuz</kernel><initrd>/boot/initrd</initrd>
              <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>
              <nvram template='/usr/share/OVMF/OVMF_VARS.fd'>/var/lib/libvirt/qemu/nvram/g1.fd</nvram>
              <acpi><table type='slic'>/etc/slic.dat</table></acpi>
            </os>
            <sysinfo type='fwcfg'><entry name='opt/x' file='/etc/ignition.json'/><entry name='opt/y'>text</entry></sysinfo>
            """));

    [Fact]
    public void Pins_and_memory_of_a_host_are_listed()
    {
        var read = Read(
            """
            <memory unit='GiB'>2</memory>
            <vcpu placement='static' cpuset='0-3,^2'>2</vcpu>
            <memoryBacking><hugepages><page size='1' unit='GiB' nodeset='1'/></hugepages></memoryBacking>
            <cputune><vcpupin vcpu='1' cpuset='6'/><emulatorpin cpuset='7-8'/><iothreadpin iothread='2' cpuset='9'/></cputune>
            <numatune><memory mode='strict' nodeset='0'/><memnode cellid='1' mode='strict' nodeset='1'/></numatune>
            <cpu><numa><cell id='0' cpus='0' memory='1048576'/><cell id='1' cpus='1' memory='1' unit='GiB'/></numa></cpu>
            """);

        Assert.Equal(
            ["vcpu cpuset 0,1,3", "vcpupin 1 6", "emulatorpin 7,8", "iothreadpin 2 9"],
            read.OfType<BoundProcessors>().Select(pin => $"{pin.Name} {string.Join(',', pin.Ids)}"),
            StringComparer.Ordinal);
        Assert.Equal(
            ["numatune memory 0", "numatune memnode 1 1"],
            read.OfType<BoundCells>().Select(cells => $"{cells.Name} {string.Join(',', cells.Ids)}"),
            StringComparer.Ordinal);
        Assert.Equal([new BoundHugePages("memoryBacking hugepages", 1 << 20, 1024)], read.OfType<BoundHugePages>());
    }

    [Fact]
    public void Secrets_of_disks_and_of_the_tpm_are_listed() => Assert.Equal(
        [
            new BoundSecret("disk vda", null, "ceph", "client.cinder secret"),
            new BoundSecret("disk vdb", new Guid("6dd3e4a5-1d76-44ce-961f-f119f5aad935"), null, null),
            new BoundSecret("disk vdc", null, "volume", "/srv/c.luks"),
            new BoundTpm("tpm"),
            new BoundSecret("tpm", new Guid("6dd3e4a5-1d76-44ce-961f-f119f5aad936"), null, null),
        ],
        Read(
            """
            <devices>
              <disk type='network' device='disk'><auth username='c'><secret type='ceph' usage='client.cinder secret'/></auth><target dev='vda'/></disk>
              <disk type='file' device='disk'>
                <source file='/srv/b'><encryption format='luks'><secret type='passphrase' uuid='6dd3e4a5-1d76-44ce-961f-f119f5aad935'/></encryption></source>
                <target dev='vdb'/>
              </disk>
              <disk type='file' device='disk'><encryption format='luks'><secret type='passphrase' usage='/srv/c.luks'/></encryption><target dev='vdc'/></disk>
              <tpm model='tpm-crb'><backend type='emulator' version='2.0'><encryption secret='6dd3e4a5-1d76-44ce-961f-f119f5aad936'/></backend></tpm>
            </devices>
            """));

    [Fact]
    public void Files_and_folders_that_devices_open_are_listed() => Assert.Equal(
        [
            new BoundFolder("serial 0", "/var/log/consoles"),
            new BoundFolder("serial 1 log", "/var/log/serial"),
            new BoundFolder("channel org.x", "/run/x"),
            new BoundFile("memory nvdimm", "/pmem/a"),
        ],
        Read(
            """
            <devices>
              <disk type='file' device='cdrom'><source file='/iso/debian.iso'/><target dev='sda'/><readonly/></disk>
              <serial type='file'><source path='/var/log/consoles/g1.log'/><target type='isa-serial' port='0'/></serial>
              <serial type='pty'><log file='/var/log/serial/g1.log'/><target port='1'/></serial>
              <console type='file'><source path='/var/log/consoles/g1.log'/><target type='serial' port='0'/></console>
              <channel type='unix'><source mode='bind' path='/run/x/g1.sock'/><target type='virtio' name='org.x'/></channel>
              <memory model='nvdimm'><source><path>/pmem/a</path></source></memory>
            </devices>
            """));

    [Theory]
    [InlineData("hostdev pci 0000:03:00.1", "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x03' slot='0x00' function='0x1'/></source></hostdev>")]
    [InlineData("hostdev mdev c2177883-f1bb-47f0-914d-32a22e3a8804", "<hostdev mode='subsystem' type='mdev'><source><address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>")]
    [InlineData("hostdev usb 1234:beef", "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>")]
    [InlineData("interface 52:54:00:00:00:01 (hostdev)", "<interface type='hostdev'><mac address='52:54:00:00:00:01'/></interface>")]
    [InlineData("interface 52:54:00:00:00:01 (vhostuser)", "<interface type='vhostuser'><mac address='52:54:00:00:00:01'/></interface>")]
    [InlineData("filesystem share", "<filesystem type='mount'><driver type='virtiofs'/><target dir='share'/></filesystem>")]
    [InlineData("disk vdb (nvme)", "<disk type='nvme' device='disk'><target dev='vdb'/></disk>")]
    [InlineData("disk vdb (vhostuser)", "<disk type='vhostuser' device='disk'><target dev='vdb'/></disk>")]
    [InlineData("serial 0 (/dev/ttyS0)", "<serial type='dev'><source path='/dev/ttyS0'/><target port='0'/></serial>")]
    [InlineData("channel org.y (/run/y.sock)", "<channel type='unix'><source mode='connect' path='/run/y.sock'/><target name='org.y'/></channel>")]
    [InlineData("serial 0", "<serial type='tcp'><source mode='bind' host='10.0.0.11' service='5000'/><target port='0'/></serial>")]
    [InlineData("rng (/dev/hwrng)", "<rng model='virtio'><backend model='random'>/dev/hwrng</backend></rng>")]
    [InlineData("tpm (passthrough)", "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>")]
    [InlineData("smartcard", "<smartcard mode='host'/>")]
    [InlineData("input /dev/input/event1", "<input type='evdev'><source dev='/dev/input/event1'/></input>")]
    [InlineData("shmem ivshmem", "<shmem name='ivshmem'><model type='ivshmem-plain'/></shmem>")]
    [InlineData("video with 3D acceleration", "<video><model type='virtio'><acceleration accel3d='yes'/></model></video>")]
    [InlineData("graphics with 3D acceleration", "<graphics type='egl-headless'/>")]
    public void A_device_of_one_host_is_immovable(string name, string device) =>
        Assert.Equal(name, Assert.IsType<Immovable>(Assert.Single(Read($"<devices>{device}</devices>"))).Name);

    [Theory]
    [InlineData("<interface type='hostdev'><mac address='52:54:00:00:00:01'/><teaming type='transient' persistent='ua-n0'/></interface>")]
    [InlineData("<serial type='tcp'><source mode='bind' host='0.0.0.0' service='5000'/><target port='0'/></serial>")]
    [InlineData("<rng model='virtio'><backend model='builtin'/></rng>")]
    [InlineData("<smartcard mode='passthrough' type='spicevmc'/>")]
    [InlineData("<redirdev bus='usb' type='spicevmc'/>")]
    [InlineData("<gadget-of-the-future/>")]
    public void A_device_that_any_host_can_give_is_not(string device) => Assert.Empty(Read($"<devices>{device}</devices>"));

    [Theory]
    [InlineData("cpu feature invtsc", "<cpu><feature policy='require' name='invtsc'/></cpu>")]
    [InlineData("launchSecurity sev", "<launchSecurity type='sev'/>")]
    [InlineData("qemu:commandline file=/etc/x", "<commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'><arg value='-fw_cfg'/><arg value='file=/etc/x'/></commandline>")]
    public void So_is_what_only_one_host_can_do(string name, string element) =>
        Assert.Equal(name, Assert.IsType<Immovable>(Assert.Single(Read(element))).Name);

    [Fact]
    public void A_clock_with_a_frequency_of_its_own_may_move() => Assert.Empty(Read(
        "<cpu><feature policy='require' name='invtsc'/></cpu><clock><timer name='tsc' frequency='2400000000'/></clock>"));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-3,^1,7", "0,2,3,7")]
    [InlineData(" 2 , 1 ", "1,2")]
    [InlineData("3-1,x,-,^", "")]
    public void Lists_of_numbers_are_read_as_libvirt_writes_them(string list, string numbers) =>
        Assert.Equal(numbers, string.Join(',', HostBoundXml.Numbers(list)));

    [Fact]
    public void A_guest_that_sees_all_of_its_host_needs_all_of_it() => Assert.Equal(
        "<cpu mode=\"custom\" match=\"exact\"><model fallback=\"forbid\">EPYC</model><vendor>AMD</vendor><feature policy=\"require\" name=\"erms\" /></cpu>",
        GuestCpu.HostModel(GuestXml.Parse(
            """
            <domainCapabilities><cpu>
              <mode name='host-passthrough' supported='yes'/>
              <mode name='host-model' supported='yes'>
                <model fallback='forbid'>EPYC</model><vendor>AMD</vendor><feature policy='require' name='erms'/>
              </mode>
            </cpu></domainCapabilities>
            """)));

    [Fact]
    public void Processors_cells_and_tpms_of_a_host_are_read()
    {
        var (processors, cells) = HostOfferReader.Topology(GuestXml.Parse(
            """
            <capabilities><host><topology><cells num='2'>
              <cell id='0'><cpus num='2'><cpu id='0'/><cpu id='2'/></cpus></cell>
              <cell id='1'><cpus num='2'><cpu id='1'/><cpu id='3'/></cpus></cell>
            </cells></topology></host></capabilities>
            """));

        Assert.Equal([0, 2, 1, 3], processors);
        Assert.Equal([0, 1], cells);
        Assert.True(HostOfferReader.EmulatesTpm(Tpm("<value>passthrough</value><value>emulator</value>")));
        Assert.False(HostOfferReader.EmulatesTpm(Tpm("<value>passthrough</value>")));
    }

    private static System.Xml.Linq.XElement Tpm(string values) => GuestXml.Parse(
        $"<domainCapabilities><devices><tpm supported='yes'><enum name='backendModel'>{values}</enum></tpm></devices></domainCapabilities>");

    private static IReadOnlyList<HostBound> Read(string inside) =>
        HostBoundXml.Elements(GuestXml.Parse($"<domain type='kvm'><uuid>e72f6d37-95c9-5b4f-838e-62e3fd043f28</uuid>{inside}</domain>"));
}
