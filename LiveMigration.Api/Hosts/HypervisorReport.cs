using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary>A host with what runs on it and what is promised to guests on their way.</summary>
/// <param name="Node">The host.</param>
/// <param name="Guests">The guests that are there.</param>
/// <param name="ClaimedMemoryMiB">Memory promised to guests on their way, MiB.</param>
/// <param name="ClaimedVcpus">Processors promised to them.</param>
/// <param name="ReservedMemoryMiB">What the settings leave to the host itself, MiB.</param>
internal sealed record HypervisorReport(
    ComputeNode Node, IReadOnlyList<HypervisorGuest> Guests, long ClaimedMemoryMiB, int ClaimedVcpus, long ReservedMemoryMiB)
{
    public long MemoryUsedMiB => ReservedMemoryMiB + ClaimedMemoryMiB + Guests.Where(guest => guest.Running).Sum(guest => guest.MemoryMiB);

    public int VcpusUsed => ClaimedVcpus + Guests.Where(guest => guest.Running).Sum(guest => guest.Vcpus);

    /// <summary>Reads these hosts, in the order of their ids.</summary>
    public static async Task<List<HypervisorReport>> ReadAsync(
        ControlPlaneDbContext db, LiveMigrationSettings settings, IQueryable<ComputeNode> nodes, CancellationToken ct)
    {
        var found = await nodes.AsNoTracking().OrderBy(node => node.Id).ToListAsync(ct);
        var hosts = found.ConvertAll(node => node.Host);
        var guests = (await db.Instances.AsNoTracking()
            .Where(guest => guest.VmState != VmState.Deleted && hosts.Contains(guest.Host))
            .OrderBy(guest => guest.CreatedAt).ThenBy(guest => guest.Uuid)
            .Select(guest => new HypervisorGuest(
                guest.Host, guest.Uuid, guest.DomainName, guest.MemoryMiB, guest.Vcpus,
                guest.PowerState == PowerState.Running || guest.PowerState == PowerState.Paused))
            .ToListAsync(ct)).ToLookup(guest => guest.Host, StringComparer.Ordinal);
        var claims = (await db.Claims.AsNoTracking().Where(claim => hosts.Contains(claim.Host)).ToListAsync(ct))
            .ToLookup(claim => claim.Host, StringComparer.Ordinal);
        return found.ConvertAll(node => new HypervisorReport(
            node,
            [.. guests[node.Host]],
            claims[node.Host].Sum(claim => claim.MemoryMiB),
            claims[node.Host].Sum(claim => claim.Vcpus),
            settings.ReservedHostMemoryMiB));
    }
}

/// <summary>A guest, as far as its host's account needs it.</summary>
internal sealed record HypervisorGuest(string Host, Guid Uuid, string DomainName, long MemoryMiB, int Vcpus, bool Running);
