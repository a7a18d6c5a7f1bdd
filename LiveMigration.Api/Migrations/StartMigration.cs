using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Servers;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Migrations;

/// <summary>
/// <c>POST /v1/servers/{id}/migrations</c>, our own: os-migrateLive with the options of this one transfer, answered with the
/// migration. An option that is not given is the source host's, or else the settings'.
/// </summary>
internal static class StartMigration
{
    private static readonly BodySchema Schema = new(
        new BodyProperty("host", BodyType.HostOrNull),
        new BodyProperty("block_migration", BodyType.Boolish("auto")),
        new BodyProperty("options", BodyType.ObjectOrNull));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/servers/{id}/migrations", async (
            HttpContext context, string id, ControlPlaneDbContext db, IMediator mediator, CancellationToken ct) =>
        {
            var body = await JsonBody.ReadAsync(context);
            Schema.Check(body, null);
            var uuid = await ShowServer.ResolveAsync(db, id, ct);
            var request = ToRequest(uuid, body, context.Caller());
            context.Demand("livemigration:migrations:create");
            MigrateLiveAction.Demand(context, request.Host);
            var started = await mediator.Send(request, ct);
            var number = started.MigrationId.ToString(CultureInfo.InvariantCulture);
            var report = await mediator.Send(new ShowMigrationReport.Request(number, null), ct);
            return NovaJson.Accepted(new JsonObject { ["migration"] = ShowMigrationReport.Document(report) });
        })
        .WithTags("LiveMigration").WithName("StartMigration")
        .WithSummary("Moves a running server, with options for this one transfer.");

    private static StartLiveMigration.Request ToRequest(Guid uuid, JsonElement body, Caller caller)
    {
        var host = body.TryGetProperty("host", out var name) ? name.GetString() : null;
        var block = body.TryGetProperty("block_migration", out var word) ? BodyType.ReadBoolish(word) : null;
        var (options, address) = TransferOptionsBody.Read(body);
        return new StartLiveMigration.Request(
            uuid,
            host,
            Scheduled: true,
            block switch
            {
                true => BlockMigration.Yes,
                false => BlockMigration.No,
                null => BlockMigration.Auto,
            },
            DiskOverCommit: null,
            WaitForChecks: false,
            caller,
            options,
            address);
    }
}
