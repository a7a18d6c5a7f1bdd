using System.Collections.Concurrent;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary>
/// Servers as they were last read, kept until one of them changes: clients ask for the same server again and again while
/// they wait, and reading it is the most of what that costs. What is found here is never older than the last change, and
/// is not to be changed.
/// </summary>
internal sealed class ServerSnapshots(IDbContextFactory<ControlPlaneDbContext> contexts, StateChanges changes, ServerPlaces places)
{
    private const int Most = 10_000;

    private volatile Shelf _shelf = new(-1);

    /// <summary>A server, removed ones too; null when there is none.</summary>
    public async ValueTask<ServerSnapshot?> FindAsync(Guid uuid, CancellationToken ct) =>
        await ServerAsync(uuid, ct) is { } server ? new ServerSnapshot(server, (await places.FindAsync()).Around(server)) : null;

    private async ValueTask<Instance?> ServerAsync(Guid uuid, CancellationToken ct)
    {
        // Taken before the reading: what changes meanwhile leaves this shelf behind.
        var shelf = _shelf;
        if (changes.CountOf("instances") is var count && shelf.Count != count)
        {
            _shelf = shelf = new Shelf(count);
        }

        if (shelf.Servers.TryGetValue(uuid, out var known))
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Instances.AsNoTracking().SingleOrDefaultAsync(instance => instance.Uuid == uuid, ct) is not { } read)
        {
            return null;
        }

        if (shelf.Servers.Count < Most)
        {
            shelf.Servers[uuid] = read;
        }

        return read;
    }

    private sealed class Shelf(long count)
    {
        public long Count { get; } = count;

        public ConcurrentDictionary<Guid, Instance> Servers { get; } = new();
    }
}

/// <summary>A server and what is shown with it.</summary>
/// <param name="Server">The instance.</param>
/// <param name="Around">What else there is to be shown of it.</param>
internal sealed record ServerSnapshot(Instance Server, ServerSurroundings Around);
