using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary><c>PUT /os-services/{id}</c> from 2.53 on: enables, disables, forces down. Before it, see <see cref="UpdateServiceByAction"/>.</summary>
internal static class UpdateService
{
    private static readonly BodySchema Body = new(
        new BodyProperty("status", BodyType.OneOf("enabled", "disabled")),
        new BodyProperty("disabled_reason", BodyType.Text(1, 255)),
        new BodyProperty("forced_down", BodyType.Boolish()));

    /// <summary>The rule that both styles ask for.</summary>
    public const string Rule = "os_compute_api:os-services:update";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v2.1/os-services/{id}", async (HttpContext context, string id, CancellationToken ct) =>
        {
            var body = await JsonBody.ReadAsync(context);
            return context.Version().AtLeast(53)
                ? await RunAsync(context, id, body, ct)
                : await UpdateServiceByAction.RunAsync(context, id, body, ct);
        })
        .WithTags("Hosts").WithName("UpdateService")
        .WithSummary("Enables or disables a host for new migrations, or holds it to be down.");

    private static async Task<IResult> RunAsync(HttpContext context, string id, JsonElement body, CancellationToken ct)
    {
        Body.Check(body, null, context.Nova().Legacy);
        context.Demand(Rule);
        if (!Guid.TryParseExact(id, "D", out var uuid))
        {
            throw HttpFault.BadRequest($"Invalid uuid {id}");
        }

        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var node = await db.ComputeNodes.AsNoTracking().SingleOrDefaultAsync(row => row.ServiceUuid == uuid && row.Configured, ct)
            ?? throw HttpFault.NotFound($"Service {id} could not be found.");
        var change = ToRequest(node.Id, body);
        var changed = await context.RequestServices.GetRequiredService<IMediator>().Send(change, ct);
        var zone = Aggregate.ZoneOf(changed.Host, await db.Aggregates.AsNoTracking().ToListAsync(ct));
        return NovaJson.Ok(new JsonObject { ["service"] = ServiceDocument.Of(changed, zone, context.Version()) });
    }

    private static ChangeService.Request ToRequest(int node, JsonElement body)
    {
        var hasStatus = body.TryGetProperty("status", out var status);
        var hasForced = body.TryGetProperty("forced_down", out var forced);
        var reason = body.TryGetProperty("disabled_reason", out var given) ? given.GetString() : null;
        var enabled = hasStatus ? status.GetString() is "enabled" : (bool?)null;
        if (enabled == true && reason is not null)
        {
            throw HttpFault.BadRequest("Specifying 'disabled_reason' with status 'enabled' is invalid.");
        }

        return hasStatus || hasForced
            ? new ChangeService.Request(node, enabled, reason, hasForced ? BodyType.ReadBoolish(forced) : null)
            : throw HttpFault.BadRequest("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
    }
}
