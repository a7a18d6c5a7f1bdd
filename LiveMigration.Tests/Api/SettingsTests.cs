using LiveMigration.Api.Settings;
using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>A wrong setting ends the program with one line that names it; a right one arrives.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("--LiveMigration:DowntimeMs=50", "LiveMigration:DowntimeMs is '50'; allowed: 100 to 3600000 ms.")]
    [InlineData("--LiveMigration:DowntimeMs=abc", "LiveMigration:DowntimeMs is 'abc'; allowed: a whole number.")]
    [InlineData("--LiveMigration:PermitPostCopy=perhaps", "LiveMigration:PermitPostCopy is 'perhaps'; allowed: true or false.")]
    [InlineData("--LiveMigration:TimeoutAction=pause", "LiveMigration:TimeoutAction is 'pause'; allowed: abort or force_complete.")]
    [InlineData("--LiveMigration:DowntimeMS2=50", "LiveMigration:DowntimeMS2 is '50', but there is no such setting; the nearest is LiveMigration:DowntimeMs.")]
    [InlineData("--Auth:TokenFil=x", "Auth:TokenFil is 'x', but there is no such setting; the nearest is Auth:TokenFile.")]
    [InlineData("--Url=http://127.0.0.1:1", "Url is 'http://127.0.0.1:1', but there is no such setting; the nearest is Urls.")]
    [InlineData("--Hosts:0:Nam=a", "Hosts:0:Nam is 'a', but there is no such setting; the nearest is Hosts:N:Name.")]
    [InlineData("--Hosts:0:Name=a", "Hosts:0:Uri is ''; allowed: a libvirt URI such as qemu+ssh://root@host-a/system.")]
    [InlineData("--Hosts:0:Name=a b", "Hosts:0:Name is 'a b'; allowed: 1 to 255 letters, digits, '-', '.' and '_'.")]
    [InlineData("--LiveMigration:WaitForVifPlug=maybe", "LiveMigration:WaitForVifPlug is 'maybe'; allowed: hold, slow or off.")]
    [InlineData("--Hosts:0:Bridge:lan=br0", "Hosts:0:Bridge:lan is 'br0', but there is no such setting; the nearest is Hosts:N:Bridges:NAME.")]
    [InlineData("--Servers:VirtType=xen", "Servers:VirtType is 'xen'; allowed: kvm or qemu.")]
    [InlineData("--Servers:DiskFolder=disks", "Servers:DiskFolder is 'disks'; allowed: an absolute path.")]
    [InlineData("--Servers:MaxAttempts=0", "Servers:MaxAttempts is '0'; allowed: 1 to 100.")]
    [InlineData("--Servers:Emulator=qemu", "Servers:Emulator is 'qemu'; allowed: an absolute path.")]
    [InlineData("--Power:ShutdownTimeoutSeconds=-1", "Power:ShutdownTimeoutSeconds is '-1'; allowed: 0 to 3600 s.")]
    [InlineData("--Power:SoftRebootTimeoutSeconds=3601", "Power:SoftRebootTimeoutSeconds is '3601'; allowed: 0 to 3600 s.")]
    [InlineData("--Identity:TokenHours=0", "Identity:TokenHours is '0'; allowed: 1 to 8760.")]
    [InlineData("--Identity:KeystoneUrl=keystone", "Identity:KeystoneUrl is no address of this kind; allowed: http://HOST[:PORT][/PATH] or https://…, without a user.")]
    [InlineData("--Identity:KeystoneUrl=https://k/v3", "Identity:KeystonePasswordFile is ''; allowed: the path of a file of mode 0600.")]
    [InlineData("--Api:PublicUrl=https://u:secret@cloud", "Api:PublicUrl is no address of this kind; allowed: http://HOST[:PORT][/PATH] or https://…, without a user.")]
    [InlineData("--Audit:MaxMegabytes=0", "Audit:MaxMegabytes is '0'; allowed: 1 to 4096.")]
    [InlineData("--Audit:Files=101", "Audit:Files is '101'; allowed: 1 to 100.")]
    [InlineData("--Volumes:0:ControlPort=x", "Volumes:0:ControlPort is 'x'; allowed: 0 to 32767.")]
    [InlineData("--Networks:0:Bridge=br0", "Networks:0:Name is ''; allowed: 1 to 255 characters.")]
    [InlineData("--Urls=nonsense", "Urls is 'nonsense'; allowed: http://ADDRESS:PORT, several separated by semicolons.")]
    [InlineData("--Controller:TakeOverFrom=all", "Controller:TakeOverFrom is 'all'; allowed: ids of controllers as their alert names them, separated by commas, or any.")]
    [InlineData("--Jobs:Workers=0", "Jobs:Workers is '0'; allowed: 1 to 200.")]
    [InlineData("--Auth:ProjectId=admin", "Auth:ProjectId is 'admin'; allowed: 32 digits 0-9 a-f.")]
    [InlineData("--config=/no/such/file.json", "--config is '/no/such/file.json', but there is no such file.")]
    [InlineData("--Notifications:Format=oslo", "Notifications:Format is 'oslo'; allowed: unversioned, versioned or both.")]
    [InlineData("--Notifications:KeepRows=1", "Notifications:KeepRows is '1'; allowed: 100 to 10000000 notifications.")]
    [InlineData("--Notifications:NotifyOnStateChange=vm_state", "Notifications:NotifyOnStateChange is 'vm_state'; allowed: true or false.")]
    [InlineData("--Notifications:Sinks:Webhook:Url=ftp://u:secret@h/", "Notifications:Sinks:Webhook:Url is no address of this kind; allowed: http://HOST/PATH or https://HOST/PATH, without a user.")]
    [InlineData("--Notifications:Sinks:Webhook:Url=http://u:secret@h/", "Notifications:Sinks:Webhook:Url names a user or a password; leave it out, the requests are signed with SecretFile.")]
    [InlineData("--Notifications:Sinks:Webhook:Url=http://h/", "Notifications:Sinks:Webhook:SecretFile is ''; allowed: the path of a file of mode 0600.")]
    [InlineData("--Notifications:Sinks:RabbitMq:Url=amqp://u:secret@h/", "Notifications:Sinks:RabbitMq:Url must name the user and no password: amqp://USER@HOST:PORT/VHOST. The password belongs into PasswordFile.")]
    [InlineData("--Urls", "'--Urls' needs a value: --Urls=VALUE; see --help.")]
    [InlineData("start", "'start' is no argument of this program; see --help.")]
    public void A_wrong_setting_is_refused_in_one_line(string argument, string message)
    {
        var wrong = Assert.Throws<InvalidSettings>(() => SettingsReader.Read(SettingsSource.Read([argument])));
        Assert.Equal(message, wrong.Message);
    }

    [Theory]
    [InlineData("--LiveMigration:Tunnelled=true", "--LiveMigration:NativeTls=true", "LiveMigration:Tunnelled and LiveMigration:NativeTls exclude each other")]
    [InlineData("--Hosts:0:LiveMigration:Tunnelled=true", "--LiveMigration:NativeTls=true", "Hosts:0:LiveMigration:Tunnelled and Hosts:0:LiveMigration:NativeTls exclude each other")]
    [InlineData("--LiveMigration:Compression=xbzrle", "--LiveMigration:ParallelConnections=4", "LiveMigration:Compression 'xbzrle' needs a single stream")]
    [InlineData("--LiveMigration:Compression=gzip", "--LiveMigration:ParallelConnections=4", "LiveMigration:Compression is 'gzip'; allowed: none, xbzrle, mt, zlib or zstd.")]
    [InlineData("--Hosts:0:LiveMigration:DowntimeMs=5", "--LiveMigration:DowntimeMs=300", "Hosts:0:LiveMigration:DowntimeMs is '5'; allowed: 100 to 3600000 ms.")]
    [InlineData("--Hosts:0:LiveMigration:DowntimeMs=x", "--LiveMigration:DowntimeMs=300", "Hosts:0:LiveMigration:DowntimeMs is 'x'; allowed: a whole number.")]
    [InlineData("--Hosts:0:LiveMigration:PollIntervalMs=500", "--LiveMigration:DowntimeMs=300", "Hosts:0:LiveMigration:PollIntervalMs is '500', but there is no such setting")]
    public void Settings_that_contradict_each_other_are_refused_at_start(string one, string other, string message)
    {
        var wrong = Assert.Throws<InvalidSettings>(() => SettingsReader.Read(SettingsSource.Read(
            [one, other, "--Hosts:0:Name=a", "--Hosts:0:Uri=qemu+ssh://a/system"])));
        Assert.StartsWith(message, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Networks:0:Bridge=a bridge", "Networks:0:Bridge is 'a bridge'; allowed: the name of a bridge, 1 to 15 characters.")]
    [InlineData("--Networks:0:Id=lan", "Networks:0:Id is 'lan'; allowed: a UUID.")]
    [InlineData("--Networks:0:Mtu=67", "Networks:0:Mtu is '67'; allowed: 68 to 65535.")]
    [InlineData("--Networks:0:Cidr=10.0.0.1/24/8", "Networks:0:Cidr is '10.0.0.1/24/8'; allowed: a network such as 10.0.0.0/24.")]
    [InlineData("--Networks:1:Name=lan", "Networks:1:Name is 'lan', and another network has this name or its id; both must be its own.")]
    public void A_network_that_can_not_be_is_refused(string argument, string message)
    {
        var wrong = Assert.Throws<InvalidSettings>(() => SettingsReader.Read(SettingsSource.Read(
            ["--Networks:0:Name=lan", "--Networks:0:Bridge=br0", "--Networks:1:Bridge=br1", "--Networks:1:Name=other", argument])));
        Assert.Equal(message, wrong.Message);
    }

    [Fact]
    public void What_servers_are_made_of_arrives()
    {
        var servers = SettingsReader.Read(SettingsSource.Read(
        [
            "--Servers:MaxAttempts=5", "--Servers:DiskFolder=/srv/disks", "--Servers:Emulator=/usr/bin/qemu", "--Servers:VirtType=qemu", "--Images:Folder=/srv/images",
            "--Networks:0:Name=lan", "--Networks:0:Bridge=br0", "--Networks:0:Mtu=9000", "--Networks:0:Cidr=10.0.0.0/24", "--Networks:0:Id=5e1f0000-0000-4000-8000-000000000001",
        ])).Servers;

        Assert.Equal((5, "/srv/disks", "/usr/bin/qemu", "qemu", "/srv/images"), (servers.MaxAttempts, servers.DiskFolder, servers.Emulator, servers.VirtType, servers.ImageFolder));
        var network = Assert.Single(servers.Networks);
        Assert.Equal(("lan", "br0", 9000, "10.0.0.0/24", "5e1f0000-0000-4000-8000-000000000001"), (network.Name, network.Bridge, network.Mtu, network.Cidr, network.Id.ToString()));
        Assert.Equal(3, SettingsReader.Read(SettingsSource.Read([])).Servers.MaxAttempts);
    }

    [Fact]
    public void A_host_may_want_its_own_transfers()
    {
        var settings = SettingsReader.Read(SettingsSource.Read(
        [
            "--Hosts:0:Name=a", "--Hosts:0:Uri=qemu+ssh://a/system", "--Hosts:0:LiveMigration:BandwidthMiBps=50",
            "--Hosts:1:Name=b", "--Hosts:1:Uri=qemu+ssh://b/system", "--LiveMigration:BandwidthMiBps=100",
        ]));

        var defaults = new Core.Settings.TransferDefaults(settings.LiveMigration, settings.HostTransfers);
        Assert.Equal((50, 100), (defaults.Of("a").BandwidthMiBps, defaults.Of("b").BandwidthMiBps));
    }

    [Fact]
    public void The_defaults_are_valid_and_all_in_the_help()
    {
        var settings = SettingsReader.Read(SettingsSource.Read([]));
        Assert.Equal("http://127.0.0.1:8774", settings.Urls);
        Assert.Equal(Path.Combine(settings.StateFolder, "livemigration.db"), settings.DatabasePath);
        Assert.Empty(settings.Hosts);
        var help = SettingsTable.Help("1.0");
        Assert.All(
            typeof(Core.Settings.LiveMigrationSettings).GetProperties(),
            property => Assert.Contains($"LiveMigration:{property.Name} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_the_environment_and_the_command_line_win_in_this_order()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"Jobs": {"Workers": 3}, "LiveMigration": {"DowntimeSteps": 5, "DowntimeMs": 300}, "Hosts": [{"Name": "a", "Uri": "qemu+ssh://a/system"}]}""");
        var settings = SettingsReader.Read(SettingsSource.Read(["--config", file, "--LiveMigration:DowntimeMs=400"]));
        File.Delete(file);
        Assert.Equal(3, settings.Workers);
        Assert.Equal(5, settings.LiveMigration.DowntimeSteps);
        Assert.Equal(400, settings.LiveMigration.DowntimeMs);
        Assert.Equal("a", Assert.Single(settings.Hosts).Name);
    }

    [Fact]
    public void A_hosts_own_names_of_bridges_arrive()
    {
        var host = Assert.Single(SettingsReader.Read(SettingsSource.Read(
            ["--Hosts:0:Name=a", "--Hosts:0:Uri=qemu+ssh://a/system", "--Hosts:0:Bridges:lan=br7", "--Hosts:0:GraphicsListen=192.0.2.1"])).Hosts);

        Assert.Equal(("lan", "br7"), (Assert.Single(host.Bridges).Key, host.Bridges["lan"]));
        Assert.Equal("192.0.2.1", host.GraphicsListen);
    }

    [Fact]
    public void A_secret_that_others_may_read_or_that_is_empty_is_refused_and_not_shown()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "the secret\n");
        Assert.Equal("the secret", LiveMigration.Api.Auth.SecretFile.ReadText("X", file));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            var open = Assert.Throws<InvalidSettings>(() => LiveMigration.Api.Auth.SecretFile.ReadText("X", file));
            Assert.Equal($"X is '{file}', which others may read too (GroupRead). Run: chmod 600 {file}", open.Message);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(file, "");
        Assert.Contains("is empty", Assert.Throws<InvalidSettings>(() => LiveMigration.Api.Auth.SecretFile.ReadText("X", file)).Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("can't be used", Assert.Throws<InvalidSettings>(() => LiveMigration.Api.Auth.SecretFile.ReadText("X", file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_json_is_refused()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "{ no json");
        var wrong = Assert.Throws<InvalidSettings>(() => SettingsSource.Read(["--config", file]));
        File.Delete(file);
        Assert.StartsWith("A configuration file is no valid JSON", wrong.Message, StringComparison.Ordinal);
    }
}
