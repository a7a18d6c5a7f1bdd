using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class SshTransportTests
{
    private static readonly HostOptions Host = new() { Name = "host-a", Uri = "qemu+ssh://root@10.0.0.1/system", KeyFile = "/keys/own key" };
    private static readonly LibvirtOptions Options = new() { Ssh = new() { KeyFile = "/keys/common", KnownHostsFile = "/keys/100%known" } };

    [Theory]
    [InlineData("StrictHostKeyChecking yes")]
    [InlineData("UserKnownHostsFile \"/keys/100%%known\"")]
    [InlineData("GlobalKnownHostsFile /dev/null")]
    [InlineData("IdentityFile \"/keys/own key\"")]
    [InlineData("IdentitiesOnly yes")]
    [InlineData("BatchMode yes")]
    [InlineData("ConnectTimeout 10")]
    [InlineData("ServerAliveInterval 5")]
    public void The_configuration_holds(string line) =>
        Assert.Contains(line, SshTransport.Configuration(Host, Options).Split('\n').Select(l => l.Trim()), StringComparer.Ordinal);

    [Fact]
    public void Writes_a_wrapper_that_only_its_owner_can_read_or_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes on Windows");
        using var folder = new TemporaryFolder();
        var uri = new Uri(new SshTransport(Options with { StateFolder = folder.Path }).Prepare(Host));

        var wrapper = ConnectionUri.Parameters(uri).Single(p => p.Key is "command").Value;

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(wrapper));
        Assert.StartsWith(folder.Path, wrapper, StringComparison.Ordinal);
        Assert.Contains($"exec ssh -F '{Path.GetDirectoryName(wrapper)}/config' \"$@\"", File.ReadAllText(wrapper), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_in_a_path_does_not_end_the_argument() =>
        Assert.Contains(@"-F '/it'\''s/config'", SshTransport.Wrapper("/it's/config"), StringComparison.Ordinal);

    [Fact]
    public void Hosts_that_are_not_reached_by_ssh_need_no_wrapper() =>
        Assert.Equal("test:///default", new SshTransport(Options).Prepare(Host with { Uri = "test:///default" }));
}
