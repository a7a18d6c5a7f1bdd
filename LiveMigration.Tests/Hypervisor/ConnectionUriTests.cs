using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class ConnectionUriTests
{
    [Theory]
    [InlineData("qemu+ssh://root@10.0.0.1/system", "qemu+ssh://root@10.0.0.1/system?command=%2Fs%20t%2F%26ssh&no_tty=1")]
    [InlineData("qemu+ssh://root@[fd00::1]:2222/system?socket=/run/x&no_tty=0", "qemu+ssh://root@[fd00::1]:2222/system?socket=%2Frun%2Fx&command=%2Fs%20t%2F%26ssh&no_tty=1")]
    public void The_controller_uses_its_own_ssh(string uri, string expected) =>
        Assert.Equal(expected, ConnectionUri.ForController(uri, "/s t/&ssh"));

    [Theory]
    [InlineData("qemu+ssh://root@10.0.0.1/system", "qemu+ssh://root@10.0.0.1/system")]
    [InlineData("qemu+ssh://host-b/system?keyfile=/k&command=/c&no_tty=1&mode=direct", "qemu+ssh://host-b/system?mode=direct")]
    [InlineData("qemu+ssh://user@[fd00::1]:22/system?keyfile=/k", "qemu+ssh://user@[fd00::1]:22/system")]
    public void A_peer_is_told_nothing_of_the_controllers_files(string uri, string expected) =>
        Assert.Equal(expected, ConnectionUri.ForPeer(uri));

    [Theory]
    [InlineData("10.0.0.2", "tcp://10.0.0.2")]
    [InlineData("fd00::2", "tcp://[fd00::2]")]
    [InlineData("host-b.example", "tcp://host-b.example")]
    public void Memory_goes_to_the_migration_address(string address, string expected) =>
        Assert.Equal(expected, ConnectionUri.ForMemory(address));

    [Theory]
    [InlineData("qemu+ssh://root@[fd00::1]/system", "fd00::1")]
    [InlineData("qemu+ssh://root@10.0.0.1:22/system", "10.0.0.1")]
    [InlineData("test:///default", "")]
    public void The_address_has_no_brackets(string uri, string expected) => Assert.Equal(expected, ConnectionUri.Address(uri));
}
