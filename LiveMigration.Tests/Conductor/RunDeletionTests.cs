using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Servers are removed, with what was made for them and nothing else.</summary>
public sealed class RunDeletionTests
{
    private static readonly Guid Adopted = Cluster.Guest(1);

    [Fact]
    public async Task A_server_that_was_made_goes_with_its_files()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"));
        var server = await plane.CreateAsync(withKernel: true);
        await plane.ServerShouldBeAsync(server, VmState.Active);

        await plane.DeleteAsync(server);

        var instance = await plane.ServerShouldBeAsync(server, VmState.Deleted);
        Assert.NotNull(instance.DeletedAt);
        await plane.ShouldBeWholeOrGoneAsync(server);
        var events = await plane.UntilAsync(
            db => db.InstanceActions.Include(row => row.Events).Where(row => row.Action == "delete").SelectMany(row => row.Events).ToListAsync(),
            rows => rows is [{ FinishTime: not null }],
            "the action ends");
        Assert.Equal(("compute_terminate_instance", "Success"), (events[0].Event, events[0].Result));
    }

    [Fact]
    public async Task An_adopted_guest_goes_and_its_disk_stays()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));

        await plane.DeleteAsync(Adopted);

        await plane.ServerShouldBeAsync(Adopted, VmState.Deleted);
        Assert.Null(await plane.WaitAsync(new SimulatedDriver(plane.Cloud).FindGuestAsync("a", Adopted, CancellationToken.None)));
        Assert.Contains("/srv/shared/disk.qcow2", plane.Cloud.ImagesOn("a"));
    }

    [Fact]
    public async Task A_server_that_is_being_moved_is_fetched_back_first()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        var migration = await plane.HoldInMidCopyAsync(Adopted);

        await plane.DeleteAsync(Adopted);

        Assert.Equal(TaskState.Deleting, (await plane.InstanceAsync(Adopted)).TaskState);
        await plane.ServerShouldBeAsync(Adopted, VmState.Deleted);
        Assert.Equal(MigrationStatus.Cancelled, (await plane.MigrationShouldEndAsync(migration)).Status);
        await NowhereAsync(plane, Adopted);
    }

    [Fact]
    public async Task A_server_that_is_being_made_is_taken_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        plane.Cloud.SlowCalls("a", TimeSpan.FromSeconds(1));
        var server = await plane.CreateAsync();
        await plane.UntilAsync(() => plane.Cloud.ImagesOn("a").Count > 0, "its disk is there");

        await plane.DeleteAsync(server);

        await plane.ServerShouldBeAsync(server, VmState.Deleted);
        plane.Cloud.SlowCalls("a", TimeSpan.Zero);
        await NowhereAsync(plane, server);
    }

    [Fact]
    public async Task A_server_that_was_never_made_goes_at_once()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a").With("a", host => host with { MemoryMiB = 600 }));
        var server = await plane.CreateAsync();
        await plane.ServerShouldBeAsync(server, VmState.Error);
        plane.Cloud.KillLibvirtd("a");

        await plane.DeleteAsync(server);

        await plane.ServerShouldBeAsync(server, VmState.Deleted);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_waited_for()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.CutControl("a");
        await plane.DeleteAsync(Adopted);
        await PassAsync(plane, seconds: 5);
        Assert.Equal((VmState.Active, TaskState.Deleting), await StatesAsync(plane));

        plane.Cloud.HealControl("a");

        await plane.ServerShouldBeAsync(Adopted, VmState.Deleted);
        await NowhereAsync(plane, Adopted);
    }

    [Fact]
    public async Task A_host_that_has_nothing_to_do_with_it_is_not_waited_for()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.CutControl("b");

        await plane.DeleteAsync(Adopted);

        await plane.ServerShouldBeAsync(Adopted, VmState.Deleted);
    }

    [Fact]
    public async Task A_guest_that_runs_twice_is_left_alone()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        plane.Cloud.StartByHand("b", Adopted);

        await plane.DeleteAsync(Adopted);

        await PassAsync(plane, seconds: 5);
        Assert.Equal((VmState.Active, TaskState.Deleting), await StatesAsync(plane));
        Assert.NotNull(await plane.WaitAsync(new SimulatedDriver(plane.Cloud).FindGuestAsync("a", Adopted, CancellationToken.None)));
        Assert.NotNull(await plane.WaitAsync(new SimulatedDriver(plane.Cloud).FindGuestAsync("b", Adopted, CancellationToken.None)));
    }

    [Theory]
    [InlineData(SimulatedOperation.FindGuest)]
    [InlineData(SimulatedOperation.RemoveGuest)]
    [InlineData(SimulatedOperation.RemoveImage)]
    public async Task A_call_that_fails_is_made_again(SimulatedOperation operation)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        var server = await plane.CreateAsync();
        await plane.ServerShouldBeAsync(server, VmState.Active);
        plane.Cloud.FailNext("a", operation, new HypervisorRefused("a", "told to fail"));
        plane.Cloud.LoseReply("a", operation);

        await plane.DeleteAsync(server);

        await plane.ServerShouldBeAsync(server, VmState.Deleted);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_controller_that_dies_meanwhile_goes_on_when_it_is_back()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        var server = await plane.CreateAsync();
        await plane.ServerShouldBeAsync(server, VmState.Active);
        plane.Cloud.LoseReply("a", SimulatedOperation.RemoveGuest);
        await plane.DeleteAsync(server);
        await plane.KillAsync();

        await plane.BootAgainAsync();

        await plane.ServerShouldBeAsync(server, VmState.Deleted);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_guest_that_somebody_makes_again_by_hand_is_a_new_one()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a").WithGuest(1, "a"));
        await plane.DeleteAsync(Adopted);
        await plane.ServerShouldBeAsync(Adopted, VmState.Deleted);

        plane.Cloud.StartByHand("a", Adopted);

        await plane.ServerShouldBeAsync(Adopted, VmState.Active);
        await PassAsync(plane, seconds: 3);
        Assert.Equal(VmState.Active, (await plane.InstanceAsync(Adopted)).VmState);
    }

    private static async Task<(VmState Vm, TaskState? Task)> StatesAsync(ControlPlane plane)
    {
        var instance = await plane.InstanceAsync(Adopted);
        return (instance.VmState, instance.TaskState);
    }

    private static Task PassAsync(ControlPlane plane, int seconds)
    {
        var until = plane.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        return plane.UntilAsync(() => plane.Time.GetUtcNow() >= until, "time passes");
    }

    private static async Task NowhereAsync(ControlPlane plane, Guid guest)
    {
        Assert.Empty(plane.Cloud.Audit());
        foreach (var host in plane.Cloud.Hosts)
        {
            Assert.Null(await plane.WaitAsync(new SimulatedDriver(plane.Cloud).FindGuestAsync(host, guest, CancellationToken.None)));
            Assert.DoesNotContain(plane.Cloud.ImagesOn(host), path => path.Contains(guest.ToString(), StringComparison.Ordinal));
        }

        Assert.Empty(await plane.ReadAsync(db => db.Claims.ToListAsync()));
    }
}
