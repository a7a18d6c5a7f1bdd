using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Settings;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Migrations;

/// <summary>
/// <c>GET /v1/migrations/{id}</c>, our own: what Nova has no place for — the reason, the measured times, the journal.
/// Takes the integer id or the UUID.
/// </summary>
internal static class ShowMigrationReport
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/migrations/{id}", async (HttpContext context, string id, IMediator mediator, CancellationToken ct) =>
        {
            context.Demand("livemigration:migrations:show");
            var caller = context.Caller();
            var report = await mediator.Send(new Request(id, caller.IsAdmin ? null : caller.ProjectId), ct);
            return NovaJson.Ok(new JsonObject { ["migration"] = Document(report) });
        })
        .WithTags("LiveMigration").WithName("ShowMigrationReport")
        .WithSummary("A migration with its reason, its measured times and its journal.");

    /// <summary>All that is known of a migration.</summary>
    public static JsonObject Document(Response report) => new()
    {
        ["id"] = report.Migration.Id,
        ["uuid"] = report.Migration.Uuid.ToString(),
        ["instance_uuid"] = report.Migration.InstanceUuid.ToString(),
        ["request_id"] = report.Migration.RequestId,
        ["status"] = report.Migration.Status.ToNova(),
        ["reason"] = report.Migration.Reason,
        ["needs_attention"] = report.Migration.NeedsAttention,
        ["source_compute"] = report.Migration.SourceCompute,
        ["dest_compute"] = report.Migration.DestCompute,
        ["options"] = TransferOptionsBody.Write(report.State.Options, report.State.MigrationAddress),
        ["progress"] = report.Progress,
        ["memory_total_bytes"] = report.Migration.MemoryTotalBytes,
        ["memory_processed_bytes"] = report.Migration.MemoryProcessedBytes,
        ["memory_remaining_bytes"] = report.Migration.MemoryRemainingBytes,
        ["disk_total_bytes"] = report.Migration.DiskTotalBytes,
        ["disk_processed_bytes"] = report.Migration.DiskProcessedBytes,
        ["disk_remaining_bytes"] = report.Migration.DiskRemainingBytes,
        ["transfer_ms"] = report.Migration.TransferMs,
        ["downtime_ms"] = report.Migration.DowntimeMs,
        ["created_at"] = NovaJson.Microseconds(report.Migration.CreatedAt),
        ["updated_at"] = NovaJson.Microseconds(report.Migration.UpdatedAt),
        ["finished_at"] = NovaJson.Microseconds(report.Migration.FinishedAt),
        ["queue_position"] = report.Place?.Position,
        ["queue_length"] = report.Place?.Length,
        ["hosts_refused"] = NovaJson.Array(report.Refused.Select(row => new JsonObject
        {
            ["host"] = row.Host,
            ["reason"] = row.Reason,
            ["at"] = NovaJson.Microseconds(row.At),
        })),
        ["retry_at"] = NovaJson.Microseconds(report.Migration.RetryAt),
        ["journal"] = NovaJson.Array(report.Journal.Select(row => new JsonObject
        {
            ["sequence"] = row.Sequence,
            ["at"] = NovaJson.Microseconds(row.At),
            ["step"] = row.Step,
            ["kind"] = row.Kind.ToString(),
            ["reason"] = row.Reason,
            ["epoch"] = row.Epoch,
        })),
    };

    /// <param name="Id">The integer id or the UUID.</param>
    /// <param name="Project">The only project whose servers' migrations are shown; null for all.</param>
    internal sealed record Request(string Id, string? Project) : IRequest<Response>;

    internal sealed record Response(
        Migration Migration,
        LiveMigrationState State,
        int Progress,
        SlotAllocation.Place? Place,
        IReadOnlyList<HostAttempt> Refused,
        IReadOnlyList<JournalRow> Journal);

    internal sealed class Handler(ControlPlaneDbContext db, LiveMigrationSettings settings) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancellationToken)
        {
            var number = int.TryParse(request.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            var uuid = Guid.TryParseExact(request.Id, "D", out var guid) ? guid : Guid.Empty;
            var migration = await db.Migrations.AsNoTracking()
                .Where(row => row.Id == number || row.Uuid == uuid)
                .Where(row => request.Project == null
                    || db.Instances.Any(server => server.Uuid == row.InstanceUuid && server.ProjectId == request.Project))
                .SingleOrDefaultAsync(cancellationToken)
                ?? throw HttpFault.NotFound($"Migration {request.Id} could not be found.");
            var progress = await db.Instances.Where(row => row.Uuid == migration.InstanceUuid)
                .Select(row => row.Progress).SingleOrDefaultAsync(cancellationToken);
            var journal = await db.Journal.AsNoTracking().Where(row => row.MigrationId == migration.Id)
                .OrderBy(row => row.Sequence).ToListAsync(cancellationToken);
            var refused = await db.HostAttempts.AsNoTracking().Where(row => row.MigrationId == migration.Id)
                .OrderBy(row => row.Id).ToListAsync(cancellationToken);
            return new Response(
                migration,
                LiveMigrationState.FromJson(migration.SagaState),
                migration.Status == MigrationStatus.Completed ? 100 : progress,
                await MigrationSlots.PlaceOfAsync(db, migration.Id, settings, cancellationToken),
                refused,
                journal);
        }
    }
}
