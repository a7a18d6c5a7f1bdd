using LiveMigration.Hypervisor.Native;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class LibvirtConnectionTests
{
    private const string Namespace = "urn:livemigration-test";

    private static readonly Guid Own = Guid.Parse("d3a4f3f5-5b44-4c1c-8b0e-5d2f6f3f7c11");

    public LibvirtConnectionTests() => Libvirt.OrSkip();

    [Fact]
    public void Opens_asks_and_closes()
    {
        using var connection = LibvirtConnection.Open(Libvirt.Uri);

        Assert.True(connection.IsAlive);
        Assert.Equal("TEST", connection.Type, ignoreCase: true);
        Assert.True(connection.GetLibraryVersion() >= 8_000_000);
        Assert.True(connection.GetNodeInfo().Cpus > 0);
    }

    [Fact]
    public void Says_why_a_connection_failed()
    {
        var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open("test+ext:///default?command=/bin/false"));

        Assert.Equal((ErrorCodes.SystemError, ErrorDomains.Rpc), (error.Code, error.Domain));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Names_a_guest_that_is_not_there()
    {
        using var connection = LibvirtConnection.Open(Libvirt.Uri);

        var error = Assert.Throws<LibvirtException>(() => connection.LookupDomain(Guid.Empty));

        Assert.Equal(ErrorCodes.NoDomain, error.Code);
    }

    [Fact]
    public void Refuses_a_call_after_it_was_closed()
    {
        var connection = LibvirtConnection.Open(Libvirt.Uri);
        connection.Dispose();

        Assert.Throws<ObjectDisposedException>(() => connection.GetLibraryVersion());
    }

    [Fact]
    public void Survives_being_closed_while_others_call()
    {
        for (var round = 0; round < 20; round++)
        {
            var connection = LibvirtConnection.Open(Libvirt.Uri);
            using var started = new CountdownEvent(4);
            var callers = Enumerable.Range(0, 4).Select(_ => new Thread(() => CallUntilClosed(connection, started))).ToList();
            callers.ForEach(c => c.Start());
            started.Wait(TestContext.Current.CancellationToken);
            connection.Dispose();
            Assert.All(callers, c => Assert.True(c.Join(TimeSpan.FromSeconds(10))));
        }
    }

    [Fact]
    public void A_guest_can_be_used_after_its_connection_was_closed()
    {
        var connection = LibvirtConnection.Open(Libvirt.Uri);
        using var guest = connection.LookupDomain(Libvirt.Guest);
        connection.Dispose();

        Assert.Equal(Libvirt.Guest, guest.Uuid);
        Assert.True(guest.IsActive);
    }

    [Fact]
    public void A_guest_that_was_met_before_and_has_gone_is_told_by_the_first_call()
    {
        using var folder = new TemporaryFolder();
        using var connection = LibvirtConnection.Open(Libvirt.UriOfOwn(folder, Libvirt.Domain(Own, "one")));
        MeetAndRemove(connection);

        using var gone = connection.LookupDomain(Own);
        var error = Assert.Throws<LibvirtException>(gone.GetXml);
        Assert.Equal(ErrorCodes.NoDomain, error.Code);
    }

    [Fact]
    public void A_guest_that_was_met_before_is_found_again_under_another_name()
    {
        using var folder = new TemporaryFolder();
        using var connection = LibvirtConnection.Open(Libvirt.UriOfOwn(folder, Libvirt.Domain(Own, "one")));
        MeetAndRemove(connection);

        connection.DefineDomain(Libvirt.Domain(Own, "two")).Dispose();

        using var again = connection.LookupDomain(Own);
        Assert.Contains("<name>two</name>", again.GetXml(), StringComparison.Ordinal);
        Assert.False(again.IsActive);
    }

    [Fact]
    public void More_guests_than_are_remembered_are_all_found()
    {
        using var folder = new TemporaryFolder();
        var uuids = Enumerable.Range(0, 600).Select(i => new Guid(i, 0, 0, new byte[8])).Skip(1).ToList();
        using var connection = LibvirtConnection.Open(
            Libvirt.UriOfOwn(folder, string.Concat(uuids.Select((uuid, i) => Libvirt.Domain(uuid, $"guest-{i}")))));

        foreach (var uuid in uuids.Concat(uuids))
        {
            using var guest = connection.LookupDomain(uuid);
            Assert.True(guest.IsActive);
            Assert.Equal(uuid, guest.Uuid);
        }
    }

    [Fact]
    public void Metadata_is_set_read_and_cleared()
    {
        using var connection = LibvirtConnection.Open(Libvirt.Uri);
        using var guest = connection.LookupDomain(Libvirt.Guest);

        Assert.Null(guest.GetMetadata(Namespace, Affect.Live));
        guest.SetMetadata("<note text='1'/>", "n", Namespace, Affect.Live);
        Assert.Contains("text=\"1\"", guest.GetMetadata(Namespace, Affect.Live), StringComparison.Ordinal);
        guest.SetMetadata(null, "n", Namespace, Affect.Live);
        Assert.Null(guest.GetMetadata(Namespace, Affect.Live));
    }

    [Fact]
    public void Typed_parameters_come_back_as_they_were_put_in()
    {
        using var parameters = new TypedParameters();
        parameters.Add("bandwidth", 17);
        parameters.Add("migrate_disks", "vda");
        parameters.Add("migrate_disks", "vdb");
        parameters.Add("huge", ulong.MaxValue);

        Assert.Equal(
            [
                new("bandwidth", "17"), new("migrate_disks", "vda"), new("migrate_disks", "vdb"),
                new("huge", "18446744073709551615"),
            ],
            parameters.Entries());
        Assert.Equal(17, parameters.Numbers()["bandwidth"]);
        Assert.False(parameters.Numbers().ContainsKey("migrate_disks"));
    }

    [Fact]
    public void Lists_pools()
    {
        using var connection = LibvirtConnection.Open(Libvirt.Uri);

        var pool = Assert.Single(connection.ListActivePools());
        using (pool)
        {
            Assert.Equal("default-pool", pool.Name);
            Assert.True(pool.GetInfo().Capacity > 0);
        }
    }

    private static void MeetAndRemove(LibvirtConnection connection)
    {
        using var guest = connection.LookupDomain(Own);
        guest.Destroy();
        guest.Undefine(default);
    }

    private static void CallUntilClosed(LibvirtConnection connection, CountdownEvent started)
    {
        started.Signal();
        try
        {
            while (true)
                _ = connection.GetLibraryVersion();
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
