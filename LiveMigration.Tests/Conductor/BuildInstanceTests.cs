using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Servers are made; what fails leaves its reason and nothing else.</summary>
public sealed class BuildInstanceTests
{
    [Fact]
    public async Task A_server_is_made_and_runs()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));

        var server = await plane.CreateAsync(withKernel: true);

        var instance = await plane.ServerShouldBeAsync(server, VmState.Active);
        Assert.Equal(("made", PowerState.Running, 512L), (instance.DisplayName, instance.PowerState, instance.MemoryMiB));
        Assert.NotNull(instance.LaunchedAt);
        await plane.ShouldBeWholeOrGoneAsync(server);
        Assert.Contains($"{ControlPlane.DiskFolder}/{server}.kernel", plane.Cloud.ImagesOn(instance.Host));
        var action = await plane.ReadAsync(db => db.InstanceActions.Include(row => row.Events).SingleAsync(row => row.InstanceUuid == server));
        Assert.Equal(("create", "compute__do_build_and_run_instance", "Success"), (action.Action, action.Events[0].Event, action.Events[0].Result));
    }

    [Fact]
    public async Task Servers_are_spread_by_free_memory()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").With("b", host => host with { MemoryMiB = 1_100 }));

        var server = await plane.CreateAsync();

        Assert.Equal("a", (await plane.ServerShouldBeAsync(server, VmState.Active)).Host);
    }

    [Fact]
    public async Task Servers_that_are_asked_for_at_once_do_not_share_memory_that_is_there_once()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a").With("a", host => host with { MemoryMiB = 512 + 512 }));

        await plane.CreateAsync(count: 2);

        var all = await plane.UntilAsync(
            db => db.Instances.AsNoTracking().ToListAsync(), rows => rows.TrueForAll(row => row.TaskState is null), "both have ended");
        Assert.Equal([VmState.Active, VmState.Error], all.Select(row => row.VmState).Order());
    }

    [Fact]
    public async Task Where_no_host_will_do_the_server_says_so()
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a", "b").With("a", host => host with { MemoryMiB = 600 }).With("b", host => host with { FreeDiskGiB = 0 }));

        var server = await plane.CreateAsync();

        var instance = await plane.BuildShouldEndAsync(server);
        Assert.Equal((VmState.Error, 500), (instance.VmState, instance.FaultCode));
        Assert.StartsWith("No valid host was found. There are not enough hosts available. (a: ", instance.FaultMessage, StringComparison.Ordinal);
        Assert.Contains("b: 0 bytes free", instance.FaultMessage!, StringComparison.Ordinal);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_server_goes_to_the_host_that_was_asked_for()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c"));

        var server = await plane.CreateAsync("c");

        Assert.Equal("c", (await plane.ServerShouldBeAsync(server, VmState.Active)).Host);
    }

    [Theory]
    [InlineData(SimulatedOperation.WriteFile)]
    [InlineData(SimulatedOperation.DefineGuest)]
    [InlineData(SimulatedOperation.StartGuest)]
    public async Task A_build_that_is_refused_leaves_its_reason_and_nothing_else(SimulatedOperation operation)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        plane.Cloud.FailNext("a", operation, new HypervisorRefused("a", "No space left on device"));

        var server = await plane.CreateAsync();

        var instance = await plane.BuildShouldEndAsync(server);
        Assert.Equal((VmState.Error, "a: No space left on device", ""), (instance.VmState, instance.FaultMessage, instance.Host));
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_build_that_a_host_refuses_is_made_on_another()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));
        plane.Cloud.FailNext("a", SimulatedOperation.StartGuest, new HypervisorRefused("a", "No space left on device"));

        var server = await plane.CreateAsync();

        Assert.Equal("b", (await plane.ServerShouldBeAsync(server, VmState.Active)).Host);
        await plane.BuildShouldEndAsync(server);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_build_is_tried_on_three_hosts_and_then_says_what_each_had_against_it()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c", "d"));
        foreach (var host in new[] { "a", "b", "c", "d" })
        {
            plane.Cloud.FailNext(host, SimulatedOperation.DefineGuest, new HypervisorRefused(host, "no"));
        }

        var server = await plane.CreateAsync();

        var instance = await plane.BuildShouldEndAsync(server);
        Assert.Equal((VmState.Error, "c: no", ""), (instance.VmState, instance.FaultMessage, instance.Host));
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_host_that_was_asked_for_is_the_only_one_that_is_tried()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));
        plane.Cloud.FailNext("b", SimulatedOperation.WriteFile, new HypervisorRefused("b", "No space left on device"));

        var server = await plane.CreateAsync("b");

        Assert.Equal((VmState.Error, "b: No space left on device"), ((await plane.BuildShouldEndAsync(server)).VmState, (await plane.InstanceAsync(server)).FaultMessage));
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task Without_its_bridge_a_server_is_taken_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a").With("a", host => host with { Bridges = [] }));

        var server = await plane.CreateAsync();

        var instance = await plane.BuildShouldEndAsync(server);
        Assert.Contains("br0", instance.FaultMessage!, StringComparison.Ordinal);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_reply_that_is_lost_does_no_harm(SimulatedOperation operation)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        plane.Cloud.LoseReply("a", operation);

        var server = await plane.CreateAsync();

        await plane.BuildShouldEndAsync(server);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_host_that_dies_meanwhile_is_tidied_when_it_is_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        plane.Cloud.SlowCalls("a", TimeSpan.FromSeconds(1));
        var server = await plane.CreateAsync();
        await plane.UntilAsync(() => plane.Cloud.ImagesOn("a").Count > 0, "its disk is there");

        plane.Cloud.KillLibvirtd("a");

        var instance = await plane.UntilAsync(
            db => db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == server), row => row.VmState == VmState.Error, "the server is ERROR");
        Assert.NotNull(instance.FaultMessage);
        plane.Cloud.StartLibvirtd("a");
        plane.Cloud.SlowCalls("a", TimeSpan.Zero);
        await plane.BuildShouldEndAsync(server);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_controller_that_dies_at_any_write_makes_the_server_all_the_same(int write, bool after)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"), death: new Death(write, after));
        var server = await plane.CreateAsync(withKernel: true);
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");
        await plane.KillAsync();

        await plane.BootAgainAsync();

        var instance = await plane.BuildShouldEndAsync(server);
        Assert.Equal(VmState.Active, instance.VmState);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [MemberData(nameof(DeathsOfAFailure))]
    public async Task A_controller_that_dies_while_it_takes_a_build_back_leaves_nothing(int write, bool after)
    {
        await using var plane = await ControlPlane.StartAsync(
            Cluster.OfHosts("a").With("a", host => host with { Bridges = [] }), death: new Death(write, after));
        var server = await plane.CreateAsync();
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");
        await plane.KillAsync();

        await plane.BootAgainAsync();

        Assert.Equal(VmState.Error, (await plane.BuildShouldEndAsync(server)).VmState);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_server_that_was_made_moves_like_any_other()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));
        var server = await plane.CreateAsync("a");
        await plane.ServerShouldBeAsync(server, VmState.Active);

        var migration = await plane.MigrateAsync(server, "b");

        var ended = await plane.MigrationShouldEndAsync(migration);
        Assert.True(ended.Status == MigrationStatus.Completed, ended.Reason);
        await plane.ShouldBeTidyAsync(server);
        Assert.Equal(("b", "made"), ((await plane.InstanceAsync(server)).Host, (await plane.InstanceAsync(server)).DisplayName));
    }

    public static TheoryData<SimulatedOperation> Calls() =>
    [
        SimulatedOperation.FindSpace, SimulatedOperation.CompareCpu, SimulatedOperation.WriteFile, SimulatedOperation.DefineGuest,
        SimulatedOperation.StartGuest, SimulatedOperation.FindGuest, SimulatedOperation.ListGuests,
    ];

    // start, choose-host, bring-files, define-guest, start-guest and its end, settled, complete, completed
    public static TheoryData<int, bool> Deaths() => All(8);

    public static TheoryData<int, bool> DeathsOfAFailure() => All(10);

    private static TheoryData<int, bool> All(int writes)
    {
        TheoryData<int, bool> deaths = [];
        for (var write = 1; write <= writes; write++)
        {
            deaths.Add(write, false);
            deaths.Add(write, true);
        }

        return deaths;
    }
}
