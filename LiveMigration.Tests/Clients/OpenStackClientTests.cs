using Xunit;

namespace LiveMigration.Tests.Clients;

/// <summary>What operators type, unmodified clients send, and the program does. Each test has guests of its own.</summary>
[Collection(ClientTests.Name)]
public sealed class OpenStackClientTests(ClientCloud cloud)
{
    private const string At = "--os-compute-api-version";

    [Fact]
    public async Task A_server_is_moved_and_waited_for()
    {
        ClientCloud.Demand();

        Assert.EndsWith("Complete", (await cloud.OpenStackAsync(At, "2.79", "server", "migrate", "--live-migration", "--host", "cedar", "--wait", "web-frontend")).Split('\n')[0], StringComparison.Ordinal);

        Assert.Equal("cedar", await cloud.OpenStackAsync(At, "2.79", "server", "show", "web-frontend", "-f", "value", "-c", "OS-EXT-SRV-ATTR:host"));
        Assert.Equal("completed", await cloud.OpenStackAsync(At, "2.79", "server", "migration", "list", "--server", "web-frontend", "-f", "value", "-c", "Status"));
        var events = await cloud.OpenStackAsync(At, "2.79", "server", "event", "list", "web-frontend", "-f", "value", "-c", "Request ID", "-c", "Action");
        Assert.Equal("live-migration", events.Split(' ')[1]);
        Assert.Contains("compute_live_migration", await cloud.OpenStackAsync(At, "2.79", "server", "event", "show", "web-frontend", events.Split(' ')[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_is_aborted_and_another_is_completed_by_force()
    {
        ClientCloud.Demand();

        var first = await MoveUntilRunningAsync("ledger-db");
        Assert.Contains("running", await cloud.OpenStackAsync(At, "2.79", "server", "migration", "show", "ledger-db", first), StringComparison.Ordinal);
        await cloud.OpenStackAsync(At, "2.79", "server", "migration", "abort", "ledger-db", first);
        await EndsAsAsync("ledger-db", first, "cancelled");

        var second = await MoveUntilRunningAsync("ledger-db");
        await cloud.OpenStackAsync(At, "2.79", "server", "migration", "force", "complete", "ledger-db", second);
        await EndsAsAsync("ledger-db", second, "completed");
    }

    [Fact]
    public async Task A_server_is_paused_locked_and_let_go_on()
    {
        ClientCloud.Demand();

        await cloud.OpenStackAsync("server", "pause", "archive");
        await StatusIsAsync("archive", "PAUSED");
        await cloud.OpenStackAsync("server", "unpause", "archive");
        await StatusIsAsync("archive", "ACTIVE");
        await cloud.OpenStackAsync("server", "lock", "archive");
        Assert.Equal("True", await cloud.OpenStackAsync(At, "2.73", "server", "show", "archive", "-f", "value", "-c", "locked"));
        await cloud.OpenStackAsync("server", "unlock", "archive");
        Assert.Equal("False", await cloud.OpenStackAsync(At, "2.73", "server", "show", "archive", "-f", "value", "-c", "locked"));
    }

    [Fact]
    public async Task Hosts_are_listed_disabled_and_put_together()
    {
        ClientCloud.Demand();

        Assert.Contains("alder", await cloud.OpenStackAsync("hypervisor", "list"), StringComparison.Ordinal);
        Assert.Contains("vcpus", await cloud.OpenStackAsync("hypervisor", "show", "alder"), StringComparison.Ordinal);
        Assert.Contains("alder", await cloud.OpenStackAsync(At, "2.88", "hypervisor", "show", "alder"), StringComparison.Ordinal);
        Assert.Contains("running_vms", await cloud.OpenStackAsync("hypervisor", "stats", "show"), StringComparison.Ordinal);
        await cloud.OpenStackAsync("compute", "service", "set", "--disable", "--disable-reason", "maint", "birch", "nova-compute");
        Assert.Contains("maint", await cloud.OpenStackAsync("compute", "service", "list", "--long", "--service", "nova-compute", "--host", "birch"), StringComparison.Ordinal);
        await cloud.OpenStackAsync("compute", "service", "set", "--enable", "birch", "nova-compute");
        Assert.Contains("enabled", await cloud.OpenStackAsync("compute", "service", "list", "--host", "birch"), StringComparison.Ordinal);
        await cloud.OpenStackAsync("aggregate", "create", "--zone", "west", "racks");
        await cloud.OpenStackAsync("aggregate", "add", "host", "racks", "birch");
        Assert.Contains("west", await cloud.OpenStackAsync("availability", "zone", "list", "--compute"), StringComparison.Ordinal);
        await cloud.OpenStackAsync("aggregate", "remove", "host", "racks", "birch");
        await cloud.OpenStackAsync("aggregate", "delete", "racks");
    }

    [Fact]
    public async Task The_nova_command_moves_aborts_and_empties_a_host()
    {
        ClientCloud.Demand();

        await cloud.NovaAsync("live-migration", "mail-relay");
        await cloud.NovaAsync("server-migration-list", "mail-relay");
        await ClientCloud.UntilAsync(
            () => cloud.OpenStackAsync(At, "2.79", "server", "migration", "list", "--server", "mail-relay", "-f", "value", "-c", "Status"),
            status => status == "completed",
            "mail-relay has moved");

        await cloud.NovaAsync("live-migration", "build-runner");
        var migration = await MigrationOfAsync("build-runner");
        await cloud.NovaAsync("live-migration-abort", "build-runner", migration);
        await EndsAsAsync("build-runner", migration, "cancelled");
        Assert.Contains("True", await cloud.NovaAsync("host-evacuate-live", "birch"), StringComparison.Ordinal);
        Assert.Contains("live-migration", await cloud.NovaAsync("instance-action-list", "build-runner"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_made_and_removed()
    {
        ClientCloud.Demand();
        Directory.CreateDirectory(cloud.Images);
        await File.WriteAllBytesAsync(Path.Combine(cloud.Images, "small.raw"), new byte[1 << 20], TestContext.Current.CancellationToken);

        Assert.Contains("small", await cloud.OpenStackAsync("image", "list"), StringComparison.Ordinal);
        await cloud.OpenStackAsync(At, "2.74", "server", "create", "--image", "small", "--flavor", "m1.tiny", "--network", "demo", "--host", "alder", "--wait", "made");
        Assert.Equal("ACTIVE", await cloud.OpenStackAsync("server", "show", "made", "-f", "value", "-c", "status"));
        await cloud.OpenStackAsync("server", "delete", "--wait", "made");
        Assert.Empty(await cloud.OpenStackAsync("server", "list", "--name", "^made$", "-f", "value"));
    }

    [Fact]
    public async Task The_sdk_lists_and_moves()
    {
        ClientCloud.Demand();

        var said = await cloud.PythonAsync("""
            import openstack, time
            cloud = openstack.connect(cloud='livemigration')
            print(sorted(h.name for h in cloud.compute.hypervisors()), sorted(s.host for s in cloud.compute.services()))
            server = cloud.compute.find_server('wiki')
            try:
                cloud.compute.live_migrate_server(server, host=None, block_migration='auto')
            except openstack.exceptions.HttpException as refused:
                print(type(refused).__name__, refused.status_code)
            print(sorted(s.name for s in cloud.compute.servers())[-1])
            """);

        // The only host of wiki's version is the one that it is on.
        Assert.Equal(
            ["['alder', 'birch', 'cedar'] ['alder', 'birch', 'cedar']", "BadRequestException 400", "wiki"], said.Split('\n'));
    }

    private async Task<string> MoveUntilRunningAsync(string server)
    {
        await cloud.OpenStackAsync(At, "2.79", "server", "migrate", "--live-migration", server);
        var migration = await MigrationOfAsync(server);
        await ClientCloud.UntilAsync(() => StatusOfAsync(server, migration), status => status == "running", "memory is copied");
        return migration;
    }

    private async Task<string> MigrationOfAsync(string server) =>
        (await cloud.OpenStackAsync(At, "2.79", "server", "migration", "list", "--server", server, "-f", "value", "-c", "Id")).Split('\n')[0];

    private Task EndsAsAsync(string server, string migration, string expected) =>
        ClientCloud.UntilAsync(() => StatusOfAsync(server, migration), status => status == expected, $"the migration is {expected}");

    private async Task<string> StatusOfAsync(string server, string migration) =>
        (await cloud.OpenStackAsync(At, "2.79", "server", "migration", "list", "--server", server, "-f", "value", "-c", "Id", "-c", "Status"))
            .Split('\n').Select(line => line.Split(' ')).Single(words => words[0] == migration)[1];

    private Task StatusIsAsync(string server, string expected) => ClientCloud.UntilAsync(
        () => cloud.OpenStackAsync("server", "show", server, "-f", "value", "-c", "status"), status => status == expected, $"{server} is {expected}");
}
