using System.Net;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Libvirt;
using LiveMigration.Hypervisor.Volumes;
using LiveMigration.Lab;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class TgtVolumesTests
{
    // As tgtadm 1.0.85 prints it.
    private const string Listing = """
        Target 1: iqn.2026-11.org.example:a
            System information:
                Driver: iscsi
                State: ready
            I_T nexus information:
                I_T nexus: 3
                    Initiator: iqn.2008-11.org.linux-kvm:x alias: none
                    Connection: 0
                        IP Address: 10.0.0.11
            LUN information:
                LUN: 1
                    Type: disk
                    SCSI ID: IET     00010001
                    Backing store path: /a.img
            Account information:
            ACL information:
                10.0.0.11
                10.1.0.0/16
                iqn.1993-08.org.debian:x
        Target 12: iqn.2026-11.org.example:b
            I_T nexus information:
            ACL information:
                ALL

        """;

    [Fact]
    public void A_listing_is_read()
    {
        var targets = TgtTarget.ReadAll(Listing);

        Assert.Equal([(1, "iqn.2026-11.org.example:a"), (12, "iqn.2026-11.org.example:b")], targets.Select(target => (target.Tid, target.Name)));
        Assert.Equal(["10.0.0.11", "10.1.0.0/16", "iqn.1993-08.org.debian:x"], targets[0].Rules);
        Assert.Equal([new TgtSession(3, 0, IPAddress.Parse("10.0.0.11"))], targets[0].Sessions);
        Assert.Empty(targets[1].Sessions);
        Assert.Equal(["ALL"], targets[1].Rules);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Target x: y")]
    [InlineData("ACL information:\n    ALL")]
    public void What_is_no_listing_holds_no_target(string text) => Assert.Empty(TgtTarget.ReadAll(text));

    [Theory]
    [InlineData(0, "10.0.0.11", true, true)]
    [InlineData(0, "10.0.0.12", false, false)]
    [InlineData(0, "10.1.7.7", true, false)]
    [InlineData(1, "10.0.0.12", true, false)]
    public void A_rule_of_its_own_is_told_from_one_for_many(int target, string address, bool letsIn, bool names)
    {
        var read = TgtTarget.ReadAll(Listing)[target];

        Assert.Equal((letsIn, names), (read.LetsIn(IPAddress.Parse(address)), read.Names(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("10.0.0.5", null, "10.0.0.5", null)]
    [InlineData("root@storage-1.example.org:2222", "root", "storage-1.example.org", 2222)]
    [InlineData("[fd00::5]:3260", null, "fd00::5", 3260)]
    public void An_address_is_read(string text, string? user, string host, int? port) =>
        Assert.Equal(new Address(user, host, port), Address.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("root@-oProxyCommand=x")]
    [InlineData("-l@host")]
    [InlineData("host;reboot")]
    [InlineData("host reboot")]
    [InlineData("host\n")]
    [InlineData("$(reboot)")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    public void What_could_be_more_than_an_address_is_none(string text) => Assert.Null(Address.TryParse(text));

    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5:3260")]
    [InlineData("Storage:3261", "storage:3261")]
    [InlineData("[FD00::5]", "[fd00::5]:3260")]
    public void A_portal_has_one_spelling(string text, string portal) => Assert.Equal(portal, Address.TryParse(text)!.Portal);

    [Fact]
    public void Wrong_settings_are_told_one_by_one()
    {
        var faults = HostOptionsValidator.Validate(new LibvirtOptions
        {
            Hosts = [new HostOptions { Name = "a", Uri = "qemu+ssh://root@host-a/system" }, Host],
            Volumes =
            [
                new VolumeOptions { Portal = "root@x", ControlPort = -1 },
                new VolumeOptions { Portal = "10.0.0.5", Ssh = "a b" },
                new VolumeOptions { Portal = "10.0.0.5:3260", TimeoutSeconds = 0 },
            ],
        });

        Assert.Equal(
            [
                "host 'a': with Volumes configured its InitiatorAddress, 'host-a', must be an IP address.",
                "Volumes:0:Portal is 'root@x'; allowed is ADDRESS or ADDRESS:PORT as guests' definitions name it.",
                "Volumes:0:ControlPort is -1; allowed are 0 to 32767.",
                "Volumes:1:Ssh is 'a b'; allowed is [USER@]ADDRESS[:PORT].",
                "Volumes:2:TimeoutSeconds is 0; allowed are 1 to 600.",
                "Volumes: the portal 10.0.0.5:3260 occurs 2 times; every storage server is named once.",
            ],
            faults);
    }

    [Fact]
    public async Task A_server_without_tgtd_gives_no_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "tgtadm is a program of Linux");
        var service = new TgtVolumes(
            new LibvirtOptions { Hosts = [Host], Volumes = [new VolumeOptions { Portal = "192.0.2.5", ControlPort = 32000 }] }, TimeProvider.System);

        // With tgtadm installed it finds no daemon there; without, there is no tgtadm.
        await Assert.ThrowsAsync<VolumeServiceUnavailable>(() => service.ListConnectionsAsync(
            new Volume("192.0.2.5:3260", "iqn.2026-11.org.example:a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_tgtadm_has_said_leaves_no_open_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what a process holds open is told by /proc");
        var folder = Directory.CreateTempSubdirectory("livemigration-test-");
        var ssh = Path.Combine(folder.FullName, "ssh");

        // Written by another process: a program that this one has open for writing, if only in a child just forked, can't be started.
        const string Write = "printf '%s\\n' '#!/bin/sh' 'readlink /proc/$$/fd/2 >&2' 'exit 1' > \"$0\" && chmod 500 \"$0\"";
        await Shell.DemandAsync("sh", ["-c", Write, ssh], TestContext.Current.CancellationToken);
        var admin = new TgtAdmin("192.0.2.5:3260", new VolumeOptions { Portal = "192.0.2.5", Ssh = "192.0.2.5" }, ssh, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<VolumeServiceRefused>(() => admin.ShowAsync(TestContext.Current.CancellationToken));

        var pipe = refused.Message[refused.Message.IndexOf("pipe:[", StringComparison.Ordinal)..].TrimEnd('.');
        Assert.DoesNotContain(pipe, Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(open => new FileInfo(open).LinkTarget));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Without_servers_no_disk_is_a_volume() => Assert.Null(
        new TgtVolumes(new LibvirtOptions { Hosts = [Host] }, TimeProvider.System).Find(
            new GuestDisk("vda", "network", null, "raw", false, false, "disk", 0, 0) { Network = new("iscsi", "iqn.x:y/1", "10.0.0.5", 3260) }));

    private static HostOptions Host => new() { Name = "host-b", Uri = "qemu+ssh://root@10.0.0.12/system" };
}
