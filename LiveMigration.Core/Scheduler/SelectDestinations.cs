using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Scheduler;

/// <summary>
/// Seed step 3. Picks the best host that passes every filter and claims the instance's resources on it. A migration has
/// one claim: choosing again replaces it.
/// </summary>
public static class SelectDestinations
{
    /// <param name="MigrationId">The migration that will own the claim.</param>
    /// <param name="Instance">The instance.</param>
    /// <param name="Source">Where it runs; never chosen.</param>
    /// <param name="OnlyHost">The host that was asked for; null for any.</param>
    /// <param name="Refusals">Hosts that were tried and would not do.</param>
    /// <param name="Filtered">False to claim on <paramref name="OnlyHost"/> without asking the filters (forced).</param>
    public sealed record Request(
        int MigrationId, Guid Instance, string Source, string? OnlyHost, IReadOnlyDictionary<string, string> Refusals, bool Filtered)
        : IRequest<Response>;

    /// <param name="Host">The chosen host, with the claim on it.</param>
    /// <param name="Node">Its own name.</param>
    /// <param name="Guest">What the guest is made of, as the source has just said.</param>
    /// <param name="Refusals">Hosts that the filters would not have, or that could not hold it.</param>
    public sealed record Response(string Host, string Node, GuestDescription Guest, IReadOnlyDictionary<string, string> Refusals);

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        IComputeDriver driver,
        IEnumerable<IHostFilter> filters,
        IEnumerable<IHostWeigher> weighers,
        LiveMigrationSettings settings,
        TimeProvider time) : IRequestHandler<Request, Response>
    {
        private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<ComputeNode>> Configured = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db) => db.ComputeNodes.AsNoTracking().Where(node => node.Configured));

        private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<Memory>> MemoryUsed = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db) => db.Instances
                .Where(row => row.VmState != VmState.Stopped && row.VmState != VmState.Deleted && row.VmState != VmState.Suspended)
                .GroupBy(row => row.Host)
                .Select(group => new Memory(group.Key, group.Sum(row => row.MemoryMiB))));

        private static readonly Func<ControlPlaneDbContext, int, IAsyncEnumerable<Memory>> MemoryClaimed = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db, int butFor) => db.Claims
                .Where(claim => claim.MigrationId != butFor)
                .GroupBy(claim => claim.Host)
                .Select(group => new Memory(group.Key, group.Sum(claim => claim.MemoryMiB))));

        private static readonly Func<ControlPlaneDbContext, IAsyncEnumerable<Aggregate>> Aggregates = EF.CompileAsyncQuery(
            (ControlPlaneDbContext db) => db.Aggregates.AsNoTracking());

        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var describing = driver.DescribeGuestAsync(request.Source, request.Instance, ct);
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = (await db.FindInstanceAsync(request.Instance, ct))!;
            var refusals = new Dictionary<string, string>(request.Refusals, StringComparer.OrdinalIgnoreCase)
            {
                [request.Source] = "is the source",
            };
            var hosts = await HostStatesAsync(db, request, ct);
            var guest = await describing;
            var spec = new RequestSpec(instance, guest) { Group = await GroupPlaces.FindAsync(db, instance.Uuid, ct) };
            var fit = request.Filtered ? await FilterAsync(hosts, spec, refusals, ct) : hosts.ToList();
            var byWeight = fit.OrderByDescending(host => weighers.Sum(weigher => weigher.Weigh(host, spec)))
                .ThenBy(host => host.Node.Host, StringComparer.Ordinal);
            foreach (var host in byWeight)
            {
                if (await TryClaimAsync(db, request, instance, host.Node.Host, ct) is not { } refusal)
                {
                    return new Response(host.Node.Host, host.Node.HypervisorHostname, guest, Looked(request, refusals));
                }

                refusals[host.Node.Host] = refusal;
            }

            throw Nobody(request, refusals);
        }

        private static async Task<IReadOnlyList<HostState>> HostStatesAsync(
            ControlPlaneDbContext db, Request request, CancellationToken ct)
        {
            var nodes = await Configured(db).ToListAsync(ct);
            var used = await MemoryUsed(db).ToDictionaryAsync(row => row.Host, row => row.MiB, StringComparer.Ordinal, ct);
            var claimed = await MemoryClaimed(db, request.MigrationId).ToDictionaryAsync(row => row.Host, row => row.MiB, StringComparer.Ordinal, ct);
            var aggregates = await Aggregates(db).ToListAsync(ct);
            return
            [
                .. nodes
                    .Where(node => request.OnlyHost is null || string.Equals(node.Host, request.OnlyHost, StringComparison.OrdinalIgnoreCase))
                    .Select(node => new HostState(node, used.GetValueOrDefault(node.Host) + claimed.GetValueOrDefault(node.Host))
                    {
                        Aggregates = aggregates.FindAll(aggregate => aggregate.Hosts.Contains(node.Host, StringComparer.Ordinal)),
                    }),
            ];
        }

        private async Task<List<HostState>> FilterAsync(
            IReadOnlyList<HostState> hosts, RequestSpec spec, Dictionary<string, string> refusals, CancellationToken ct)
        {
            List<HostState> fit = [];
            foreach (var host in hosts.Where(host => !refusals.ContainsKey(host.Node.Host)))
            {
                string? refusal = null;
                foreach (var filter in filters)
                {
                    refusal ??= await filter.RefuseAsync(host, spec, ct);
                }

                if (refusal is null)
                {
                    fit.Add(host);
                }
                else
                {
                    refusals[host.Node.Host] = refusal;
                }
            }

            return fit;
        }

        private static NoValidHost Nobody(Request request, Dictionary<string, string> refusals)
        {
            var reasons = refusals
                .Where(refusal => request.OnlyHost is null || string.Equals(refusal.Key, request.OnlyHost, StringComparison.OrdinalIgnoreCase))
                .OrderBy(refusal => refusal.Key, StringComparer.Ordinal)
                .Select(refusal => $"{refusal.Key}: {refusal.Value}");
            return new NoValidHost($"There are not enough hosts available. ({string.Join("; ", reasons)})") { Refusals = Looked(request, refusals) };
        }

        private static Dictionary<string, string> Looked(Request request, Dictionary<string, string> refusals) => refusals
            .Where(refusal => !string.Equals(refusal.Key, request.Source, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

        /// <summary>
        /// Filters ask hosts and take their time; whether the memory is still there, and the group still allows it, is
        /// decided here, under the write lock. The group binds a host that was named without the filters, too.
        /// </summary>
        /// <returns>Why not; null when it is claimed.</returns>
        private async Task<string?> TryClaimAsync(
            ControlPlaneDbContext db, Request request, Instance instance, string host, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.ReleaseClaimsAsync(request.MigrationId, ct);
            var now = (await HostStatesAsync(db, request with { OnlyHost = host }, ct)).SingleOrDefault();
            if (now is null || now.FreeMemoryMiB(settings.RamAllocationRatio, settings.ReservedHostMemoryMiB) < instance.MemoryMiB)
            {
                await transaction.CommitAsync(ct);
                return $"{instance.MemoryMiB} MiB of memory could not be claimed there";
            }

            if ((await GroupPlaces.FindAsync(db, instance.Uuid, ct))?.Refuse(host) is { } violation)
            {
                await transaction.CommitAsync(ct);
                return request.Filtered
                    ? violation
                    : throw new MigrationPreCheckError($"Failed to validate instance group policy due to: {violation}");
            }

            db.Claims.Add(new Claim
            {
                MigrationId = request.MigrationId,
                InstanceUuid = instance.Uuid,
                Host = host,
                MemoryMiB = instance.MemoryMiB,
                Vcpus = instance.Vcpus,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return null;
        }

        private sealed record Memory(string Host, long MiB);
    }
}
