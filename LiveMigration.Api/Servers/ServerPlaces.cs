using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>The hosts, zones and groups of all servers as they were last read, kept until one of them changes.</summary>
internal sealed class ServerPlaces(IDbContextFactory<ControlPlaneDbContext> contexts, StateChanges changes)
{
    private readonly Lock _gate = new();
    private (long Count, Task<Places>? Read) _last;

    /// <summary>What is so now.</summary>
    public Task<Places> FindAsync()
    {
        // Taken before the reading: what changes meanwhile is read again.
        var count = changes.CountOf("compute_nodes", "aggregates", "server_group_members");
        lock (_gate)
        {
            if (_last.Read is { IsFaulted: false } read && _last.Count >= count)
            {
                return read;
            }

            // For all who wait for it, so that none of them can call it off.
            _last = (count, Task.Run(ReadAsync));
            return _last.Read;
        }
    }

    private async Task<Places> ReadAsync()
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        return new Places(
            await ServerSurroundings.OfHostsAsync(db, CancellationToken.None),
            await db.ServerGroupMembers.AsNoTracking().ToDictionaryAsync(member => member.InstanceUuid, member => member.GroupUuid, CancellationToken.None));
    }

    /// <summary>Where servers can be.</summary>
    /// <param name="Hosts">By host, without groups.</param>
    /// <param name="Groups">By instance.</param>
    internal sealed record Places(IReadOnlyDictionary<string, ServerSurroundings> Hosts, IReadOnlyDictionary<Guid, Guid> Groups)
    {
        /// <summary>What is around one server.</summary>
        public ServerSurroundings Around(Instance server)
        {
            var around = Hosts.GetValueOrDefault(server.Host) ?? ServerSurroundings.Unknown;
            return Groups.TryGetValue(server.Uuid, out var group) ? around with { Group = group } : around;
        }
    }
}
