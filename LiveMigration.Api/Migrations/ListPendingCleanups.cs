using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Migrations;

/// <summary>
/// <c>GET /v1/cleanups</c>, our own: what migrations may have left on hosts that did not answer, oldest first. An item
/// goes by itself when its host has answered and holds nothing more.
/// </summary>
internal static class ListPendingCleanups
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/cleanups", async (HttpContext context, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("livemigration:cleanups:list");
            var pending = await mediator.Send(new Request(), ct);
            return NovaJson.Ok(new JsonObject { ["cleanups"] = NovaJson.Array(pending.Cleanups.Select(Document)) });
        })
        .WithTags("LiveMigration").WithName("ListPendingCleanups")
        .WithSummary("What hosts that did not answer must still be rid of, with the reason.");

    private static JsonObject Document(Cleanup cleanup) => new()
    {
        ["migration_id"] = cleanup.MigrationId,
        ["instance_uuid"] = cleanup.Instance.ToString(),
        ["host"] = cleanup.Host,
        ["reason"] = cleanup.Reason,
        ["created_at"] = NovaJson.Microseconds(cleanup.CreatedAt),
    };

    internal sealed record Request : IRequest<Response>;

    internal sealed record Response(IReadOnlyList<Cleanup> Cleanups);

    internal sealed record Cleanup(int MigrationId, Guid Instance, string Host, string Reason, DateTime CreatedAt);

    internal sealed class Handler(ControlPlaneDbContext db) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var pending = await db.PendingCleanups.AsNoTracking()
                .Select(row => new Cleanup(row.MigrationId, row.InstanceUuid, row.Host, row.Reason, row.CreatedAt))
                .ToListAsync(cancellationToken);

            // While a migration goes on, its probe is no leftover.
            var probed = await (
                from folder in db.ProbedFolders
                join migration in db.Migrations on folder.MigrationId equals migration.Id
                where migration.FinishedAt != null
                select new { migration.Id, migration.InstanceUuid, folder.Host, folder.Folder, migration.FinishedAt })
                .ToListAsync(cancellationToken);
            return new Response(
            [
                .. pending
                    .Concat(probed.Select(one => new Cleanup(
                        one.Id,
                        one.InstanceUuid,
                        one.Host,
                        $"An empty file that shows whether storage is shared may be left in {one.Folder}.",
                        one.FinishedAt!.Value)))
                    .OrderBy(cleanup => cleanup.CreatedAt),
            ]);
        }
    }
}
