using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Hypervisor.Simulated;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>
/// Every call to every host fails once, or is done and its reply lost, in a move that has something to do at each step: a
/// copied disk, a volume, a filtered interface. Before the switch all is taken back, after it all is brought to its end.
/// </summary>
public sealed class EveryCallFailsTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly Volume Data = Cluster.Volume(1);

    public static TheoryData<SimulatedOperation, string> Calls()
    {
        TheoryData<SimulatedOperation, string> calls = [];
        foreach (var operation in Enum.GetValues<SimulatedOperation>())
        {
            calls.Add(operation, "a");
            calls.Add(operation, "b");
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_is_refused_leaves_no_trace(SimulatedOperation operation, string host)
    {
        await using var plane = await ControlPlane.StartAsync(WithEverything());
        plane.Cloud.FailNext(host, operation, new HypervisorRefused(host, "told to fail"));

        await EndsTidilyAsync(plane);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_whose_reply_is_lost_leaves_no_trace(SimulatedOperation operation, string host)
    {
        await using var plane = await ControlPlane.StartAsync(WithEverything());
        plane.Cloud.LoseReply(host, operation);

        await EndsTidilyAsync(plane);
    }

    /// <summary>Moves the guest until a move completes: one that failed leaves nothing that stands in the way of the next.</summary>
    private static async Task EndsTidilyAsync(ControlPlane plane)
    {
        if (!await MovesTidilyAsync(plane, "a", "b"))
        {
            Assert.True(await MovesTidilyAsync(plane, "a", "b"));
        }
        else if (!await MovesTidilyAsync(plane, "b", "a"))
        {
            // The call was first made on the way back.
            Assert.True(await MovesTidilyAsync(plane, "b", "a"));
        }
    }

    private static async Task<bool> MovesTidilyAsync(ControlPlane plane, string from, string to)
    {
        var content = plane.Cloud.ContentOf(from, "/srv/local/disk.qcow2");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, to));

        var (here, there) = migration.Status == MigrationStatus.Completed ? (to, from) : (from, to);
        Assert.True(migration.Status is MigrationStatus.Completed or MigrationStatus.Failed or MigrationStatus.Error);
        Assert.Equal(migration.Status == MigrationStatus.Completed, migration.Reason is null);
        Assert.Equal((here, VmState.Active), ((await plane.InstanceAsync(Guest)).Host, (await plane.InstanceAsync(Guest)).VmState));
        await plane.UntilAsync(() => plane.Cloud.AccessTo(Data).SequenceEqual([here]), "the volume lets in the guest's host alone");
        await plane.UntilAsync(() => plane.Cloud.ContentOf(there, "/srv/local/disk.qcow2") is null, "no disk is left behind");
        Assert.Equal(content, plane.Cloud.ContentOf(here, "/srv/local/disk.qcow2"));
        await plane.ShouldBeTidyAsync(Guest);
        return migration.Status == MigrationStatus.Completed;
    }

    private static Cluster WithEverything() => Cluster.OfHosts("a", "b")
        .With("a", host => host with { Rules = [new SimulatedRule("clean", "no spoofing")] })
        .WithVolume(Data, "a")
        .WithGuest(1, "a", guest => guest with
        {
            Disks = [Cluster.Disk("/srv/local"), Cluster.Disk(Data) with { Target = "vdb" }],
            Interfaces = [new GuestInterface("52:54:00:00:00:01", "bridge", "br0") { Rule = "clean" }],
        });
}
