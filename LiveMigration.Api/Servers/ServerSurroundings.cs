using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>What is shown with a server but is not in its own record.</summary>
/// <param name="Node">Its host, if that is still known.</param>
/// <param name="Zone">The availability zone of its host.</param>
/// <param name="Group">The group that it is in, if it is in one.</param>
internal sealed record ServerSurroundings(ComputeNode? Node, string Zone, Guid? Group)
{
    /// <summary>Of one server.</summary>
    public static async Task<ServerSurroundings> FindAsync(ControlPlaneDbContext db, Instance server, CancellationToken ct)
    {
        var node = await db.ComputeNodes.AsNoTracking().SingleOrDefaultAsync(node => node.Host == server.Host, ct);
        var group = await db.ServerGroupMembers.Where(member => member.InstanceUuid == server.Uuid)
            .Select(member => (Guid?)member.GroupUuid).SingleOrDefaultAsync(ct);
        return new ServerSurroundings(node, Aggregate.ZoneOf(server.Host, await db.Aggregates.AsNoTracking().ToListAsync(ct)), group);
    }

    /// <summary>By host, for lists, which don't show groups.</summary>
    public static async Task<IReadOnlyDictionary<string, ServerSurroundings>> OfHostsAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
        return await db.ComputeNodes.AsNoTracking().ToDictionaryAsync(
            node => node.Host, node => new ServerSurroundings(node, Aggregate.ZoneOf(node.Host, aggregates), Group: null), StringComparer.Ordinal, ct);
    }
}
