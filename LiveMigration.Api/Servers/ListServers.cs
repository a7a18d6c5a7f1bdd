using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
    // Nova accepts many more filters; those of things that we do not have match everything, as an empty value does.
    private static readonly QuerySchema Parameters = new(
        75,
        [
            new("limit", QueryKind.Count), new("marker"), new("changes-since", QueryKind.Time),
            new("changes-before", QueryKind.Time, 66), new("locked", From: 73),
            .. new[]
            {
                "all_tenants", "name", "status", "host", "node", "uuid", "vm_state", "task_state", "power_state", "deleted",
                "project_id", "tenant_id", "user_id", "sort_key", "sort_dir", "ip", "ip6", "flavor", "image",
                "availability_zone", "reservation_id", "description", "tags", "tags-any", "not-tags", "not-tags-any",
            }.Select(name => new QueryParameter(name)),
        ]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/servers", (HttpContext context, IMediator mediator, CancellationToken ct) =>
                AnswerAsync(context, "index", mediator, (server, _) => ServerDocument.Brief(context, server.Uuid, server.DisplayName), ct))
            .WithTags("Servers").WithName("ListServers").WithSummary("Servers by id and name.");
        routes.MapGet("/v2.1/servers/detail", (HttpContext context, IMediator mediator, CancellationToken ct) =>
                AnswerAsync(context, "detail", mediator, (server, node) => ServerDocument.Full(context, server, node, alone: false), ct))
            .WithTags("Servers").WithName("ListServersInDetail").WithSummary("Servers in full.");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, string kind, IMediator mediator, Func<Instance, ComputeNode?, JsonObject> item, CancellationToken ct)
    {
        var asked = Parameters.Read(context);
        var statuses = context.Request.Query["status"].Select(status => status ?? "").ToList();
        var (query, project) = ServerScope.Of(context, kind, asked, statuses);
        if (statuses.Exists(status => ServerWords.Behind(status) is null) && context.Version().AtLeast(38))
        {
            throw HttpFault.BadRequest("Invalid status value");
        }

        var page = await mediator.Send(new Request(query, statuses, project), ct);
        var body = new JsonObject
        {
            ["servers"] = NovaJson.Array(page.Servers.Select(server => item(server, page.Nodes.GetValueOrDefault(server.Host)))),
        };
        if (page.Servers.Count > 0 && page.Servers.Count == query.Limit)
        {
            body["servers_links"] = Links.Next(context, page.Servers[^1].Uuid.ToString());
        }

        return NovaJson.Ok(body);
    }

    /// <param name="Query">The filters.</param>
    /// <param name="Statuses">The statuses that are wanted; none means all.</param>
    /// <param name="Project">The project whose servers are listed; null for all of them.</param>
    internal sealed record Request(Query Query, IReadOnlyList<string> Statuses, string? Project) : IRequest<Response>;

    internal sealed record Response(IReadOnlyList<Instance> Servers, IReadOnlyDictionary<string, ComputeNode> Nodes);

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var query = request.Query;
            var visible = db.Instances.AsNoTracking().Where(server => request.Project == null || server.ProjectId == request.Project);
            var servers = ServerFilters.Apply(visible, query, request.Statuses);
            servers = await BehindMarkerAsync(visible, servers, query["marker"], cancellationToken);
            var sorted = servers.OrderByDescending(server => server.CreatedAt).ThenByDescending(server => server.Uuid);
            var page = query["name"] is { Length: > 0 } pattern
                ? await MatchingAsync(sorted, NamePattern(pattern), query.Limit, cancellationToken)
                : await sorted.Take(query.Limit).ToListAsync(cancellationToken);
            var nodes = await db.ComputeNodes.AsNoTracking().ToDictionaryAsync(node => node.Host, StringComparer.Ordinal, cancellationToken);
            return new Response(page, nodes);
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

        private static async Task<List<Instance>> MatchingAsync(
            IQueryable<Instance> sorted, Regex name, int limit, CancellationToken ct)
        {
            var page = new List<Instance>();
            if (limit == 0)
            {
                return page;
            }

            await foreach (var server in sorted.AsAsyncEnumerable().WithCancellation(ct))
            {
                // The domain's own name is what an operator of libvirt knows it by.
                if (name.IsMatch(server.DisplayName))
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

        // Non-backtracking: a pattern comes from outside and must not be able to burn our time.
        private static Regex NamePattern(string pattern)
        {
            const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
            try
            {
                return new Regex(pattern, Safe, TimeSpan.FromSeconds(1));
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                return new Regex(Regex.Escape(pattern), Safe, TimeSpan.FromSeconds(1));
            }
        }
    }
}
