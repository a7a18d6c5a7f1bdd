using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor;
using LiveMigration.Hypervisor.Libvirt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class HostOptionsValidatorTests
{
    private static readonly HostOptions Good = new() { Name = "host-a", Uri = "qemu+ssh://root@10.0.0.1/system" };

    [Theory]
    [InlineData("qemu+ssh://root@10.0.0.1/system")]
    [InlineData("qemu+ssh://host-a:2222/system?socket=/run/libvirt/libvirt-sock")]
    [InlineData("qemu:///system")]
    [InlineData("qemu+unix:///system")]
    [InlineData("test:///default")]
    public void Accepts(string uri) => Assert.Empty(Faults(Good with { Uri = uri }));

    [Fact]
    public void Refuses_a_host_without_a_name() => Says("Hosts:0:Name is ''", Good with { Name = "" });

    [Theory]
    [InlineData("host a")]
    [InlineData("host/a")]
    [InlineData("host-a\n")]
    public void Refuses_a_name_with_other_letters(string name) => Says("Hosts:0:Name", Good with { Name = name });

    [Fact]
    public void Refuses_two_hosts_of_one_name() => Says("the name 'host-a' occurs 2 times", Good, Good);

    [Theory]
    [InlineData("")]
    [InlineData("host-a")]
    [InlineData("xen:///")]
    [InlineData("qemu+tcp://host-a/system")]
    [InlineData("qemu://host-a/system")]
    [InlineData("qemu+ssh:///system")]
    public void Refuses_other_uris(string uri) => Says($"Hosts:0:Uri is '{uri}'", Good with { Uri = uri });

    [Fact]
    public void Refuses_to_leave_host_keys_unchecked() =>
        Says("host keys are always checked", Good with { Uri = "qemu+ssh://root@10.0.0.1/system?no_verify=1" });

    [Fact]
    public void Refuses_a_password_in_a_uri_without_repeating_it()
    {
        var fault = Assert.Single(Faults(Good with { Uri = "qemu+ssh://root:secret@10.0.0.1/system" }));

        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_files_that_are_not_there()
    {
        Says("Hosts:0:KeyFile is '/nowhere/key'; there is no such file", Good with { KeyFile = "/nowhere/key" });
        Says("Hosts:0:KnownHostsFile is '/nowhere/known'", Good with { KnownHostsFile = "/nowhere/known" });
    }

    [Theory]
    [InlineData("10.0.0.1:49152/")]
    [InlineData("tcp://10.0.0.1")]
    [InlineData("")]
    public void Refuses_a_migration_address_that_is_more_than_an_address(string address) =>
        Says("Hosts:0:MigrationAddress", Good with { MigrationAddress = address });

    [Fact]
    public void Refuses_times_that_make_no_sense() => Assert.Contains(
        "KeepAliveSeconds is 0; allowed are 1 to 3600.",
        HostOptionsValidator.Validate(new LibvirtOptions { KeepAliveSeconds = 0 }),
        StringComparer.Ordinal);

    [Fact]
    public void The_module_refuses_wrong_settings_before_anything_is_connected()
    {
        var error = Assert.Throws<InvalidSettings>(
            () => new ServiceCollection().AddLibvirtHypervisor(new LibvirtOptions { Hosts = [Good, Good with { Uri = "x" }] }));

        Assert.Contains("Hosts:1:Uri", error.Message, StringComparison.Ordinal);
        Assert.Contains("occurs 2 times", error.Message, StringComparison.Ordinal);
    }

    private static void Says(string expected, params HostOptions[] hosts) =>
        Assert.Contains(Faults(hosts), f => f.Contains(expected, StringComparison.Ordinal));

    private static IReadOnlyList<string> Faults(params HostOptions[] hosts) =>
        HostOptionsValidator.Validate(new LibvirtOptions { Hosts = hosts });
}
