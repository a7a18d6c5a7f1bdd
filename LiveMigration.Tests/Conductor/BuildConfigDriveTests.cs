using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Config drives: made with their servers, moved with them, and gone with them.</summary>
public sealed class BuildConfigDriveTests
{
    private const string UserData = "cGFzc3dvcmQ6IGh1bnRlcjI=";
    private static readonly InstanceOrigin Origin = new() { HasConfigDrive = true, UserData = UserData };

    [Fact]
    public async Task A_server_has_its_drive_beside_its_disk_and_both_go_with_it()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));

        var server = await plane.CreateAsync(origin: Origin);

        await plane.ServerShouldBeAsync(server, VmState.Active);
        await plane.ShouldBeWholeOrGoneAsync(server);
        Assert.Contains(DriveOf(server), plane.Cloud.ImagesOn("a"));
        await plane.DeleteAsync(server);
        await plane.ServerShouldBeAsync(server, VmState.Deleted);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [InlineData(SimulatedOperation.WriteFile)]
    [InlineData(SimulatedOperation.DefineGuest)]
    [InlineData(SimulatedOperation.StartGuest)]
    public async Task A_build_that_fails_leaves_no_drive(SimulatedOperation operation)
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        plane.Cloud.FailNext("a", operation, new HypervisorRefused("a", "No space left on device"));

        var server = await plane.CreateAsync(origin: Origin);

        Assert.Equal(VmState.Error, (await plane.BuildShouldEndAsync(server)).VmState);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_controller_that_dies_over_it_makes_the_server_all_the_same(bool after)
    {
        // The third write is the end of bringing the files.
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b"), death: new Death(3, after));
        var server = await plane.CreateAsync(origin: Origin);
        await plane.UntilAsync(() => plane.Fate.Dead, "the controller dies");
        await plane.KillAsync();

        await plane.BootAgainAsync();

        Assert.Equal(VmState.Active, (await plane.BuildShouldEndAsync(server)).VmState);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task On_disks_that_are_not_shared_it_is_copied_there_and_back_and_stays_nowhere_else()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").With("a", Alone).With("b", Alone));
        var server = await plane.CreateAsync("a", origin: Origin);
        await plane.ServerShouldBeAsync(server, VmState.Active);
        var content = plane.Cloud.ContentOf("a", DriveOf(server));
        Assert.NotNull(content);

        foreach (var (from, to) in new[] { ("a", "b"), ("b", "a") })
        {
            var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(server, to));

            Assert.Equal((MigrationStatus.Completed, null), (migration.Status, migration.Reason));
            Assert.Equal((content, null), (plane.Cloud.ContentOf(to, DriveOf(server)), plane.Cloud.ContentOf(from, DriveOf(server))));
            await plane.ShouldBeTidyAsync(server);
            await plane.ShouldBeWholeOrGoneAsync(server);
        }

        await plane.DeleteAsync(server);
        await plane.ServerShouldBeAsync(server, VmState.Deleted);
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task A_move_that_is_taken_back_leaves_no_copy_behind()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").With("a", Alone).With("b", Alone));
        var server = await plane.CreateAsync("a", origin: Origin);
        await plane.ServerShouldBeAsync(server, VmState.Active);
        plane.Cloud.HoldAt(TransferPhase.DiskCopy);
        var id = await plane.MigrateAsync(server, "b");
        await plane.UntilAsync(() => plane.Cloud.IsHeldAt(TransferPhase.DiskCopy, server), "its disk is copied");

        plane.Cloud.BreakStream("a", "b");
        plane.Cloud.Release(TransferPhase.DiskCopy);

        Assert.Equal(MigrationStatus.Failed, (await plane.MigrationShouldEndAsync(id)).Status);
        Assert.Empty(plane.Cloud.ImagesOn("b"));
        await plane.ShouldBeWholeOrGoneAsync(server);
    }

    [Fact]
    public async Task User_data_stands_in_the_servers_record_and_nowhere_else()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a"));
        var server = await plane.CreateAsync(origin: Origin);
        await plane.BuildShouldEndAsync(server);

        var build = await plane.ReadAsync(db => db.InstanceBuilds.SingleAsync(row => row.InstanceUuid == server));

        Assert.Equal(UserData, (await plane.InstanceAsync(server)).Origin.UserData);
        Assert.DoesNotContain(UserData, build.SagaState + build.Journal, StringComparison.Ordinal);
    }

    private static string DriveOf(Guid server) => $"{ControlPlane.DiskFolder}/{server}.config.iso";

    private static SimulatedHostOptions Alone(SimulatedHostOptions host) =>
        host with { Folders = [new SimulatedFolder(ControlPlane.DiskFolder, $"{host.Name}'s own")] };
}
