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
    /// <summary>Of a server whose host is not known, or not any more.</summary>
    public static ServerSurroundings Unknown { get; } = new(Node: null, Aggregate.DefaultZone, Group: null);

    /// <summary>By host, without groups.</summary>
    public static async Task<IReadOnlyDictionary<string, ServerSurroundings>> OfHostsAsync(ControlPlaneDbContext db, CancellationToken ct)
    {
        var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
        return await db.ComputeNodes.AsNoTracking().ToDictionaryAsync(
            node => node.Host, node => new ServerSurroundings(node, Aggregate.ZoneOf(node.Host, aggregates), Group: null), StringComparer.Ordinal, ct);
    }
}
