using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Scheduler;

/// <summary>
/// Picks the best host for a server that is to be made. Its record with the host in it is the claim: while it builds,
/// its memory and its disk count there.
/// </summary>
public static class SelectHost
{
    /// <param name="Instance">The instance.</param>
    /// <param name="OnlyHost">The host that was asked for; null for any.</param>
    /// <param name="Filtered">False to go to <paramref name="OnlyHost"/> without asking the filters.</param>
    /// <param name="DiskBytes">What its disks will take at most.</param>
    public sealed record Request(Guid Instance, string? OnlyHost, bool Filtered, long DiskBytes) : IRequest<Response>
    {
        /// <summary>Hosts that it failed on before, with the reasons: they are passed over.</summary>
        public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    }

    /// <param name="Host">The chosen host, with the claim on it.</param>
    public sealed record Response(string Host);

    internal sealed class Handler(
        IDbContextFactory<ControlPlaneDbContext> contexts,
        IDiskImages images,
        IEnumerable<IHostFilter> filters,
        IEnumerable<IHostWeigher> weighers,
        LiveMigrationSettings settings,
        ServerSettings servers) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var instance = await db.Instances.AsNoTracking().SingleAsync(row => row.Uuid == request.Instance, ct);
            var refusals = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var spec = new RequestSpec(instance, new GuestDescription(instance.Uuid, "kvm", "", "", CpuXml: null, [], []))
            {
                Group = await GroupPlaces.FindAsync(db, instance.Uuid, ct),
            };
            List<HostState> fit = [];
            foreach (var host in await HostStatesAsync(db, request, ct))
            {
                if (request.Refused.TryGetValue(host.Node.Host, out var failed))
                {
                    refusals[host.Node.Host] = failed;
                }
                else if (request.Filtered && await RefusalAsync(host, spec, ct) is { } refusal)
                {
                    refusals[host.Node.Host] = refusal;
                }
                else
                {
                    fit.Add(host);
                }
            }

            foreach (var host in fit.OrderByDescending(host => weighers.Sum(weigher => weigher.Weigh(host, spec)))
                .ThenBy(host => host.Node.Host, StringComparer.Ordinal))
            {
                if (await TryClaimAsync(request, host.Node.Host, ct) is not { } refusal)
                {
                    return new Response(host.Node.Host);
                }

                refusals[host.Node.Host] = refusal;
            }

            if (refusals.Count == 0)
            {
                refusals[request.OnlyHost ?? "none"] = "is no configured host";
            }

            throw new NoValidHost(
                $"There are not enough hosts available. ({string.Join("; ", refusals.Select(refusal => $"{refusal.Key}: {refusal.Value}"))})")
            {
                Refusals = refusals,
            };
        }

        private static async Task<IReadOnlyList<HostState>> HostStatesAsync(ControlPlaneDbContext db, Request request, CancellationToken ct)
        {
            var nodes = await db.ComputeNodes.AsNoTracking()
                .Where(node => node.Configured && (request.OnlyHost == null || node.Host == request.OnlyHost)).ToListAsync(ct);
            var used = await db.Instances
                .Where(row => row.Uuid != request.Instance
                    && row.VmState != VmState.Stopped && row.VmState != VmState.Deleted && row.VmState != VmState.Suspended)
                .GroupBy(row => row.Host)
                .Select(group => new { Host = group.Key, MiB = group.Sum(row => row.MemoryMiB) })
                .ToDictionaryAsync(row => row.Host, row => row.MiB, StringComparer.Ordinal, ct);
            var claimed = await db.Claims
                .GroupBy(claim => claim.Host)
                .Select(group => new { Host = group.Key, MiB = group.Sum(claim => claim.MemoryMiB) })
                .ToDictionaryAsync(row => row.Host, row => row.MiB, StringComparer.Ordinal, ct);
            var aggregates = await db.Aggregates.AsNoTracking().ToListAsync(ct);
            return
            [
                .. nodes.Select(node => new HostState(node, used.GetValueOrDefault(node.Host) + claimed.GetValueOrDefault(node.Host))
                {
                    Aggregates = aggregates.FindAll(aggregate => aggregate.Hosts.Contains(node.Host, StringComparer.Ordinal)),
                }),
            ];
        }

        private async Task<string?> RefusalAsync(HostState host, RequestSpec spec, CancellationToken ct)
        {
            foreach (var filter in filters)
            {
                if (await filter.RefuseAsync(host, spec, ct) is { } refusal)
                {
                    return refusal;
                }
            }

            return null;
        }

        /// <summary>Hosts are asked before; whether memory and room are still there is decided here, under the write lock.</summary>
        private async Task<string?> TryClaimAsync(Request request, string host, CancellationToken ct)
        {
            FolderSpace? space;
            try
            {
                space = await images.FindSpaceAsync(host, servers.DiskFolder, ct);
            }
            catch (ControlPlaneException exception)
            {
                return exception.Message;
            }

            if (space is null)
            {
                return $"has no folder {servers.DiskFolder}";
            }

            await using var db = await contexts.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var instance = await db.Instances.SingleAsync(row => row.Uuid == request.Instance, ct);
            var now = (await HostStatesAsync(db, request with { OnlyHost = host }, ct)).SingleOrDefault();
            if (now is null || (request.Filtered
                && now.FreeMemoryMiB(settings.RamAllocationRatio, settings.ReservedHostMemoryMiB) < instance.MemoryMiB))
            {
                return $"{instance.MemoryMiB} MiB of memory could not be claimed there";
            }

            // Members that are built at the same time all found their group empty: who comes first is known here.
            if ((await GroupPlaces.FindAsync(db, instance.Uuid, ct))?.Refuse(host) is { } apart)
            {
                return apart;
            }

            var promised = await db.DiskClaims.Where(claim => claim.Host == host).SumAsync(claim => claim.Bytes, ct)
                + (await db.Instances.Where(row => row.Host == host && row.VmState == VmState.Building && row.Uuid != request.Instance)
                    .SumAsync(row => row.DiskGiB, ct) << 30);
            if (space.AvailableBytes - promised < request.DiskBytes)
            {
                return $"{space.AvailableBytes - promised} bytes free in {servers.DiskFolder}, {request.DiskBytes} needed";
            }

            instance.Host = host;
            instance.TaskState = instance.DeleteRequestedAt is null ? TaskState.Spawning : TaskState.Deleting;
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return null;
        }
    }
}
