using LiveMigration.Core.Model;
using LiveMigration.Tests.Support;
using Xunit;

namespace LiveMigration.Tests.Conductor;

/// <summary>Groups, zones and aggregates on the move.</summary>
public sealed class PlacementPolicyTests
{
    private static readonly Guid Guest = Cluster.Guest(1);
    private static readonly Guid Other = Cluster.Guest(2);

    [Theory]
    [InlineData(ServerGroup.AntiAffinity, null, MigrationStatus.Error)]
    [InlineData(ServerGroup.AntiAffinity, 2, MigrationStatus.Completed)]
    [InlineData(ServerGroup.SoftAntiAffinity, null, MigrationStatus.Completed)]
    [InlineData(ServerGroup.Affinity, null, MigrationStatus.Completed)]
    public async Task A_named_host_must_suit_the_group(string policy, int? most, MigrationStatus end)
    {
        await using var plane = await GroupedAsync(policy, most, "b");

        var id = await plane.MigrateAsync(Guest, "b");

        Assert.Equal(end, (await plane.MigrationShouldEndAsync(id)).Status);
    }

    [Theory]
    [InlineData(ServerGroup.AntiAffinity, MigrationStatus.Error)]
    [InlineData(ServerGroup.Affinity, MigrationStatus.Completed)]
    public async Task Even_when_the_filters_are_not_asked(string policy, MigrationStatus end)
    {
        await using var plane = await GroupedAsync(policy, null, "b");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest, "b", scheduled: false));

        Assert.Equal(end, migration.Status);
        if (end == MigrationStatus.Error)
        {
            Assert.Contains("Anti-affinity instance group policy was violated", migration.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ServerGroup.AntiAffinity, "c")]
    [InlineData(ServerGroup.SoftAntiAffinity, "c")]
    [InlineData(ServerGroup.Affinity, "b")]
    [InlineData(ServerGroup.SoftAffinity, "b")]
    public async Task The_scheduler_goes_where_the_group_wants(string policy, string host)
    {
        await using var plane = await GroupedAsync(policy, null, "b");

        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        Assert.Equal(host, (await plane.InstanceAsync(Guest)).Host);
    }

    [Fact]
    public async Task A_server_stays_in_the_zone_that_it_is_pinned_to()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a"));
        await AggregateAsync(plane, new Dictionary<string, string>(StringComparer.Ordinal) { ["availability_zone"] = "east" }, "a", "c");
        await ChangeAsync(plane, instance => instance.PinnedAvailabilityZone = "east");

        await plane.MigrationShouldReachAsync(await plane.MigrateAsync(Guest), MigrationStatus.Completed);

        Assert.Equal("c", (await plane.InstanceAsync(Guest)).Host);
    }

    [Fact]
    public async Task A_host_that_is_kept_for_others_is_not_chosen()
    {
        await using var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b").WithGuest(1, "a"));
        await AggregateAsync(plane, new Dictionary<string, string>(StringComparer.Ordinal) { ["filter_tenant_id"] = "somebody, else" }, "b");

        var migration = await plane.MigrationShouldEndAsync(await plane.MigrateAsync(Guest));

        Assert.Contains("b: kept for other projects", migration.Reason, StringComparison.Ordinal);
    }

    private static async Task<ControlPlane> GroupedAsync(string policy, int? most, string hostOfOther)
    {
        var plane = await ControlPlane.StartAsync(Cluster.OfHosts("a", "b", "c").WithGuest(1, "a").WithGuest(2, hostOfOther));
        var group = new ServerGroup
        {
            Uuid = Guid.Parse("00000000-0000-4000-8000-000000000001"),
            Name = "group",
            Policy = policy,
            MaxServerPerHost = most,
            ProjectId = "project",
            UserId = "tester",
            CreatedAt = DateTime.UnixEpoch,
        };
        await plane.ReadAsync(async db =>
        {
            db.ServerGroups.Add(group);
            db.ServerGroupMembers.Add(new ServerGroupMember { InstanceUuid = Guest, GroupUuid = group.Uuid });
            db.ServerGroupMembers.Add(new ServerGroupMember { InstanceUuid = Other, GroupUuid = group.Uuid });
            return await db.SaveChangesAsync();
        });
        return plane;
    }

    private static Task<int> AggregateAsync(ControlPlane plane, Dictionary<string, string> metadata, params string[] hosts) => plane.ReadAsync(async db =>
    {
        db.Aggregates.Add(new Aggregate { Uuid = Guid.Empty, Name = "one", Metadata = metadata, Hosts = [.. hosts], CreatedAt = DateTime.UnixEpoch });
        return await db.SaveChangesAsync();
    });

    private static Task<int> ChangeAsync(ControlPlane plane, Action<Instance> change) => plane.ReadAsync(async db =>
    {
        change((await db.Instances.FindAsync(Guest))!);
        return await db.SaveChangesAsync();
    });
}
