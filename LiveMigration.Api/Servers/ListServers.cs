using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Servers;

/// <summary><c>GET /servers</c> and <c>/servers/detail</c>: newest first, a page at a time.</summary>
internal static class ListServers
{
    // Nova accepts many more filters; those of things that no server has here match everything, as an empty value does.
    private static readonly QuerySchema Parameters = new(
        75,
        [
            new("limit", QueryKind.Count), new("marker"), new("changes-since", QueryKind.Time),
            new("changes-before", QueryKind.Time, 66), new("locked", From: 73),
            .. new[]
            {
                "all_tenants", "name", "status", "host", "node", "uuid", "vm_state", "task_state", "power_state", "deleted",
                "project_id", "tenant_id", "user_id", "sort_key", "sort_dir", "ip", "ip6", "flavor", "image",
                "availability_zone", "reservation_id", "description", "access_ip_v4", "access_ip_v6", "hostname", "config_drive", "key_name",
                "created_at", "launched_at", "terminated_at", "launch_index", "progress", "kernel_id", "ramdisk_id", "root_device_name",
                "display_description", "auto_disk_config", "soft_deleted", "locked_by", "image_ref", "instance_name", "block_device_mapping",
                "services", "metadata", "system_metadata", "info_cache", "security_groups", "pci_devices",
            }.Select(name => new QueryParameter(name)),
            .. new[] { "tags", "tags-any", "not-tags", "not-tags-any" }.Select(name => new QueryParameter(name, From: 26)),
        ]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/servers", (HttpContext context, IMediator mediator, CancellationToken ct) =>
                AnswerAsync(context, "index", mediator, (server, _) => ServerDocument.Brief(context, server.Uuid, server.DisplayName), ct))
            .WithTags("Servers").WithName("ListServers").WithSummary("Servers by id and name.");
        routes.MapGet("/v2.1/servers/detail", (HttpContext context, IMediator mediator, CancellationToken ct) =>
                AnswerAsync(context, "detail", mediator, (server, around) => ServerDocument.Full(context, server, around, alone: false), ct))
            .WithTags("Servers").WithName("ListServersInDetail").WithSummary("Servers in full.");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, string kind, IMediator mediator, Func<Instance, ServerSurroundings, JsonObject> item, CancellationToken ct)
    {
        var asked = Parameters.Read(context);
        var statuses = context.Request.Query["status"].Select(status => status ?? "").ToList();
        var (query, project) = ServerScope.Of(context, kind, asked, statuses);
        if (statuses.Exists(status => ServerWords.Behind(status) is null) && context.Version().AtLeast(38))
        {
            throw HttpFault.BadRequest("Invalid status value");
        }

        var page = await mediator.Send(new Request(query, statuses, ServerSort.Read(context), project), ct);
        var body = new JsonObject
        {
            ["servers"] = NovaJson.Array(page.Servers.Select(server => item(server, page.Around(server)))),
        };
        if (page.Servers.Count > 0 && page.Servers.Count == query.Limit)
        {
            body["servers_links"] = Links.Next(context, page.Servers[^1].Uuid.ToString());
        }

        return NovaJson.Ok(body);
    }

    /// <param name="Query">The filters.</param>
    /// <param name="Statuses">The statuses that are wanted; none means all.</param>
    /// <param name="Sort">The order.</param>
    /// <param name="Project">The project whose servers are listed; null for all of them.</param>
    internal sealed record Request(Query Query, IReadOnlyList<string> Statuses, ServerSort Sort, string? Project) : IRequest<Response>;

    /// <param name="Servers">The page.</param>
    /// <param name="Hosts">What there is to be shown of their hosts.</param>
    internal sealed record Response(IReadOnlyList<Instance> Servers, IReadOnlyDictionary<string, ServerSurroundings> Hosts)
    {
        public ServerSurroundings Around(Instance server) => Hosts.GetValueOrDefault(server.Host) ?? ServerSurroundings.Unknown;
    }

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var query = request.Query;
            var visible = db.Instances.AsNoTracking().Where(server => request.Project == null || server.ProjectId == request.Project);
            var servers = ServerFilters.Apply(visible, query, request.Statuses);
            servers = await InZoneAsync(servers, query["availability_zone"], cancellationToken);
            var sorted = request.Sort.IsDefault
                ? request.Sort.Apply(await BehindMarkerAsync(visible, servers, query["marker"], cancellationToken))
                : await SortedAsync(servers, request.Sort, query["marker"], cancellationToken);
            var page = ServerFit.Of(query) is { } fits
                ? await FittingAsync(sorted, fits, query.Limit, cancellationToken)
                : await sorted.Take(query.Limit).ToListAsync(cancellationToken);
            return new Response(page, await ServerSurroundings.OfHostsAsync(db, cancellationToken));
        }

        private async Task<IQueryable<Instance>> InZoneAsync(IQueryable<Instance> servers, string? zone, CancellationToken ct)
        {
            if (string.IsNullOrEmpty(zone))
            {
                return servers;
            }

            var hosts = (await ServerSurroundings.OfHostsAsync(db, ct)).Where(host => host.Value.Zone == zone).Select(host => host.Key).ToArray();
            return servers.Where(server => hosts.Contains(server.Host));
        }

        /// <summary>By keys of the client's choice a marker is found by its place, not by its values, which may be null.</summary>
        private static async Task<IQueryable<Instance>> SortedAsync(
            IQueryable<Instance> servers, ServerSort sort, string? marker, CancellationToken ct)
        {
            if (marker is null)
            {
                return sort.Apply(servers);
            }

            var order = await sort.Apply(servers).Select(server => server.Uuid).ToListAsync(ct);
            var place = Guid.TryParseExact(marker, "D", out var uuid) ? order.IndexOf(uuid) : -1;
            return place < 0 ? throw HttpFault.UnknownMarker(marker) : sort.Apply(servers).Skip(place + 1);
        }

        private static async Task<IQueryable<Instance>> BehindMarkerAsync(
            IQueryable<Instance> visible, IQueryable<Instance> servers, string? marker, CancellationToken ct)
        {
            if (marker is null)
            {
                return servers;
            }

            var last = Guid.TryParseExact(marker, "D", out var uuid)
                ? await visible.SingleOrDefaultAsync(server => server.Uuid == uuid, ct)
                : null;
            return last is null
                ? throw HttpFault.UnknownMarker(marker)
                : servers.Where(server => server.CreatedAt < last.CreatedAt
                    || (server.CreatedAt == last.CreatedAt && server.Uuid.CompareTo(last.Uuid) < 0));
        }

        private static async Task<List<Instance>> FittingAsync(
            IQueryable<Instance> sorted, Func<Instance, bool> fits, int limit, CancellationToken ct)
        {
            var page = new List<Instance>();
            if (limit == 0)
            {
                return page;
            }

            await foreach (var server in sorted.AsAsyncEnumerable().WithCancellation(ct))
            {
                if (fits(server))
                {
                    page.Add(server);
                    if (page.Count == limit)
                    {
                        break;
                    }
                }
            }

            return page;
        }
    }
}
