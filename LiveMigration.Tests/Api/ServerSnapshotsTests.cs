using LiveMigration.Api.Servers;
using LiveMigration.Core.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>What is kept of servers is never older than what was written, whoever wrote it, and however.</summary>
public sealed class ServerSnapshotsTests
{
    private static readonly Guid Vm1 = Guid.Parse(Scene.Vm1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] AllWays = ["saved", "saved in a transaction", "updated", "updated in a transaction", "in plain SQL"];

    public static TheoryData<string> Ways => [.. AllWays];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_change_is_seen_by_who_reads_after_it(string way)
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        var snapshots = host.Services.GetRequiredService<ServerSnapshots>();
        Assert.Equal(0, (await snapshots.FindAsync(Vm1, Ct))!.Server.Progress);

        for (var progress = 1; progress <= 20; progress++)
        {
            await WriteAsync(host, way, progress);
            Assert.Equal(progress, (await snapshots.FindAsync(Vm1, Ct))!.Server.Progress);
        }
    }

    [Fact]
    public async Task What_is_around_a_server_is_seen_too()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        var snapshots = host.Services.GetRequiredService<ServerSnapshots>();
        Assert.Equal(((Guid?)null, "nova", (bool?)true), await AroundAsync());

        await using var db = await host.OpenDatabaseAsync();
        var group = new ServerGroup { Uuid = Guid.Parse(Scene.Idle), Name = "g", Policy = ServerGroup.Affinity, ProjectId = "p", UserId = "u", CreatedAt = Scene.Now };
        db.ServerGroups.Add(group);
        db.ServerGroupMembers.Add(new ServerGroupMember { GroupUuid = group.Uuid, InstanceUuid = Vm1 });
        db.Aggregates.Add(new Aggregate { Uuid = group.Uuid, Name = "a", CreatedAt = Scene.Now, Metadata = { [Aggregate.ZoneKey] = "east" }, Hosts = ["nv2"] });
        await db.SaveChangesAsync(Ct);
        await db.ComputeNodes.ExecuteUpdateAsync(set => set.SetProperty(node => node.Enabled, false), Ct);
        Assert.Equal(((Guid?)group.Uuid, "east", (bool?)false), await AroundAsync());

        await db.ServerGroupMembers.ExecuteDeleteAsync(Ct);
        Assert.Null((await AroundAsync()).Group);

        async Task<(Guid? Group, string Zone, bool? Enabled)> AroundAsync()
        {
            var around = (await snapshots.FindAsync(Vm1, Ct))!.Around;
            return (around.Group, around.Zone, around.Node?.Enabled);
        }
    }

    [Fact]
    public async Task Nobody_reads_what_is_older_than_a_write_that_had_ended_before()
    {
        await using var host = await ApiHost.StartAsync(Scene.Quiet);
        var snapshots = host.Services.GetRequiredService<ServerSnapshots>();
        var (written, done) = (0, false);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref done))
                {
                    var atLeast = Volatile.Read(ref written);
                    Assert.InRange((await snapshots.FindAsync(Vm1, Ct))!.Server.Progress, atLeast, int.MaxValue);
                }
            },
            Ct)).ToList();

        for (var progress = 1; progress <= 200; progress++)
        {
            await WriteAsync(host, AllWays[progress % AllWays.Length], progress);
            Volatile.Write(ref written, progress);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
    }

    private static async Task WriteAsync(ApiHost host, string way, int progress)
    {
        await using var db = await host.OpenDatabaseAsync();
        await using var transaction = way.EndsWith("transaction", StringComparison.Ordinal) ? await db.Database.BeginTransactionAsync(Ct) : null;
        if (way.StartsWith("saved", StringComparison.Ordinal))
        {
            (await db.Instances.SingleAsync(row => row.Uuid == Vm1, Ct)).Progress = progress;
            await db.SaveChangesAsync(Ct);
        }
        else if (way.StartsWith("updated", StringComparison.Ordinal))
        {
            await db.Instances.Where(row => row.Uuid == Vm1).ExecuteUpdateAsync(set => set.SetProperty(row => row.Progress, progress), Ct);
        }
        else
        {
            await db.Database.ExecuteSqlAsync($"UPDATE instances SET Progress = {progress}", Ct);
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync(Ct);
        }
    }
}
