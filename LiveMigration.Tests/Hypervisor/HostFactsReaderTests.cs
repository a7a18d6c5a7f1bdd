using LiveMigration.Core.Drivers;
using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class HostFactsReaderTests
{
    private static readonly HostCpu Fallback = new("", "", "", 1, 1, 2, 1, []);

    [Fact]
    public void Pools_on_one_filesystem_are_counted_once() => Assert.Equal(
        [(1000, 500), (1000, 100), (2000, 500)],
        HostFactsReader.Distinct([(1000, 500), (1000, 503), (1000, 100), (2000, 500)]));

    [Fact]
    public void A_cpu_that_the_host_names_is_taken()
    {
        var cpu = HostFactsReader.CpuOf(
            GuestXml.Parse("<cpu><arch>x86_64</arch><model>EPYC</model><vendor>AMD</vendor><topology sockets='2' dies='1' cores='8' threads='2'/><feature name='sse3'/><feature name='avx'/></cpu>"),
            domainCapabilities: null,
            Fallback);

        Assert.Equal(("x86_64", "EPYC", "AMD", 2, 8, 2), (cpu.Arch, cpu.Model, cpu.Vendor, cpu.Sockets, cpu.Cores, cpu.Threads));
        Assert.Equal(["sse3", "avx"], cpu.Features);
    }

    [Fact]
    public void A_cpu_without_a_name_is_known_by_what_it_offers()
    {
        var cpu = HostFactsReader.CpuOf(
            GuestXml.Parse("<cpu><arch>x86_64</arch></cpu>"),
            GuestXml.Parse("<domainCapabilities><cpu><mode name='host-passthrough'/><mode name='host-model'><model>qemu64</model><vendor>AMD</vendor><feature policy='require' name='svm'/><feature policy='disable' name='x'/></mode></cpu></domainCapabilities>"),
            Fallback);

        Assert.Equal(("qemu64", "AMD", 2), (cpu.Model, cpu.Vendor, cpu.Cores));
        Assert.Equal(["svm"], cpu.Features);
    }
}
