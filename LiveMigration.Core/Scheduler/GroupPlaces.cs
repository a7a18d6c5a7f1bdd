using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Scheduler;

/// <summary>Where the other members of an instance's group are, and where they are on their way to.</summary>
/// <param name="Group">The group.</param>
/// <param name="Members">How many members each host has, the instance itself not counted.</param>
public sealed record GroupPlaces(ServerGroup Group, IReadOnlyDictionary<string, int> Members)
{
    private static readonly Func<ControlPlaneDbContext, Guid, CancellationToken, Task<ServerGroup?>> GroupOf = EF.CompileAsyncQuery(
        (ControlPlaneDbContext db, Guid instance, CancellationToken ct) => db.ServerGroupMembers
            .Where(member => member.InstanceUuid == instance)
            .Join(db.ServerGroups, member => member.GroupUuid, group => group.Uuid, (_, group) => group)
            .AsNoTracking().SingleOrDefault());

    /// <summary>Looks; null for an instance that is in no group.</summary>
    internal static async Task<GroupPlaces?> FindAsync(ControlPlaneDbContext db, Guid instance, CancellationToken ct)
    {
        var group = await GroupOf(db, instance, ct);
        if (group is null)
        {
            return null;
        }

        var others = db.ServerGroupMembers.Where(member => member.GroupUuid == group.Uuid && member.InstanceUuid != instance);
        var there = others.Join(
            // One that is yet to be built, or could not be, is on no host and says nothing.
            db.Instances.Where(row => row.VmState != VmState.Deleted && row.Host != ""),
            member => member.InstanceUuid,
            row => row.Uuid,
            (member, row) => new { member.InstanceUuid, row.Host });
        var coming = others.Join(
            db.Claims, member => member.InstanceUuid, claim => claim.InstanceUuid, (member, claim) => new { member.InstanceUuid, claim.Host });
        var places = await there.Union(coming).ToListAsync(ct);
        return new GroupPlaces(
            group, places.GroupBy(place => place.Host, StringComparer.Ordinal).ToDictionary(host => host.Key, host => host.Count(), StringComparer.Ordinal));
    }

    /// <summary>How many other members a host has.</summary>
    public int On(string host) => Members.GetValueOrDefault(host);

    /// <summary>Why the policy keeps the instance off a host; null when it does not.</summary>
    public string? Refuse(string host) => Group.Policy switch
    {
        ServerGroup.Affinity when Members.Count > 0 && On(host) == 0 => "Affinity instance group policy was violated",
        ServerGroup.AntiAffinity when On(host) >= (Group.MaxServerPerHost ?? 1) => "Anti-affinity instance group policy was violated",
        _ => null,
    };

    /// <summary>How much a policy that is only a wish speaks for a host.</summary>
    public double Wish(string host) => Group.Policy switch
    {
        ServerGroup.SoftAffinity => On(host),
        ServerGroup.SoftAntiAffinity => -On(host),
        _ => 0,
    };
}
