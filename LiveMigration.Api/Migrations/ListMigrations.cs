using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Migrations;

/// <summary><c>GET /os-migrations</c>: all migrations that ever were.</summary>
internal static class ListMigrations
{
    /// <summary>The only type there is here.</summary>
    public const string LiveMigrationType = "live-migration";

    // Nova shows its database's flavor id; ours has none, and clients only print it.
    private const int FlavorId = 1;

    private const string Rule = "os_compute_api:os-migrations:index";

    private static readonly QuerySchema Parameters = new(
        59,
        new("hidden"), new("host"), new("instance_uuid"), new("source_compute"), new("status"), new("migration_type"),
        new("limit", QueryKind.Count, 59), new("marker", From: 59), new("changes-since", QueryKind.Time, 59),
        new("changes-before", QueryKind.Time, 66), new("user_id", From: 80), new("project_id", From: 80));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v2.1/os-migrations", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            var query = Parameters.Read(context);
            context.Demand(Rule);
            if (!context.Caller().ProjectId.Equals(query["project_id"], StringComparison.Ordinal))
            {
                context.Demand(Rule + ":all_projects");
            }

            var withHosts = context.Allows(Rule + ":host");
            var paged = context.Version().AtLeast(59);
            var page = await mediator.Send(new Request(query, paged), ct);
            var body = new JsonObject
            {
                ["migrations"] = NovaJson.Array(page.Select(migration => MigrationDocument.OfAll(context, migration, FlavorId, withHosts))),
            };
            if (paged && page.Count > 0 && page.Count == query.Limit)
            {
                body["migrations_links"] = Links.Next(context, page[^1].Uuid.ToString());
            }

            return NovaJson.Ok(body);
        })
        .WithTags("Migrations").WithName("ListMigrations").WithSummary("All migrations, running and ended.");

    internal sealed record Request(Query Query, bool Paged) : IRequest<IReadOnlyList<Migration>>;

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, IReadOnlyList<Migration>>
    {
        public async Task<IReadOnlyList<Migration>> Handle(Request request, CancellationToken cancellationToken)
        {
            var query = request.Query;
            if (query.Time("changes-since") > query.Time("changes-before"))
            {
                throw HttpFault.BadRequest("The value of changes-since must be less than or equal to changes-before.");
            }

            var migrations = Changed(Owned(Matching(db.Migrations.AsNoTracking(), query), query), query);
            if (!request.Paged)
            {
                return await migrations.OrderBy(migration => migration.Id).ToListAsync(cancellationToken);
            }

            if (query["marker"] is { } marker)
            {
                var last = Guid.TryParseExact(marker, "D", out var uuid)
                    ? await db.Migrations.AsNoTracking().SingleOrDefaultAsync(migration => migration.Uuid == uuid, cancellationToken)
                    : null;
                migrations = last is null
                    ? throw HttpFault.BadRequest($"Marker {marker} could not be found.")
                    : migrations.Where(migration => migration.CreatedAt < last.CreatedAt
                        || (migration.CreatedAt == last.CreatedAt && migration.Id < last.Id));
            }

            return await migrations.OrderByDescending(migration => migration.CreatedAt).ThenByDescending(migration => migration.Id)
                .Take(query.Limit).ToListAsync(cancellationToken);
        }

        private static IQueryable<Migration> Matching(IQueryable<Migration> migrations, Query query)
        {
            if (query["host"] is { } host)
            {
                migrations = migrations.Where(migration => migration.SourceCompute == host || migration.DestCompute == host);
            }
            else if (query["source_compute"] is { } source)
            {
                migrations = migrations.Where(migration => migration.SourceCompute == source);
            }

            if (query["instance_uuid"] is { } instance)
            {
                var wanted = Guid.TryParse(instance, out var uuid) ? uuid : Guid.Empty;
                migrations = migrations.Where(migration => migration.InstanceUuid == wanted);
            }

            if (query["status"] is { } status)
            {
                var wanted = MigrationStatusNames.FromNova(status);
                migrations = wanted is { } known ? migrations.Where(migration => migration.Status == known) : migrations.Where(_ => false);
            }

            var none = query["migration_type"] is { } type && type is not LiveMigrationType;
            // Nothing is ever hidden here.
            return none || query.Flag("hidden") == true ? migrations.Where(_ => false) : migrations;
        }

        private static IQueryable<Migration> Owned(IQueryable<Migration> migrations, Query query)
        {
            if (query["user_id"] is { } user)
            {
                migrations = migrations.Where(migration => migration.UserId == user);
            }

            return query["project_id"] is { } project ? migrations.Where(migration => migration.ProjectId == project) : migrations;
        }

        private static IQueryable<Migration> Changed(IQueryable<Migration> migrations, Query query)
        {
            if (query.Time("changes-since") is { } since)
            {
                migrations = migrations.Where(migration => migration.UpdatedAt >= since);
            }

            return query.Time("changes-before") is { } before ? migrations.Where(migration => migration.UpdatedAt <= before) : migrations;
        }
    }
}
