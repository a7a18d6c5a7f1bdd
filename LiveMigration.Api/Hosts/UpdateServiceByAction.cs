using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Hosts;

/// <summary><c>PUT /os-services/enable</c>, <c>disable</c>, <c>disable-log-reason</c>, <c>force-down</c>: the style before 2.53.</summary>
internal static class UpdateServiceByAction
{
    private static readonly BodyProperty Host = new("host", BodyType.Host, Required: true);
    private static readonly BodyProperty Binary = new("binary", BodyType.Text(1, 255), Required: true);
    private static readonly BodyProperty Reason = new("disabled_reason", BodyType.Text(1, 255));
    private static readonly BodySchema UpTo210 = new(Host, Binary, Reason);
    private static readonly BodySchema From211 = new(Host, Binary, Reason, new BodyProperty("forced_down", BodyType.Boolish()));

    /// <summary>Runs it; <see cref="UpdateService"/> owns the route.</summary>
    public static async Task<IResult> RunAsync(HttpContext context, string action, JsonElement body, CancellationToken ct)
    {
        var version = context.Version();
        (version.AtLeast(11) ? From211 : UpTo210).Check(body, null, context.Nova().Legacy);
        context.Demand(UpdateService.Rule);
        var host = body.GetProperty("host").GetString()!;
        var binary = body.GetProperty("binary").GetString()!;
        var request = ToRequest(action, body, version);
        if (binary is not ServiceDocument.Binary)
        {
            throw HttpFault.BadRequest($"Updating a {binary} service is not supported. Only nova-compute services can be updated.");
        }

        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var node = await db.ComputeNodes.AsNoTracking().SingleOrDefaultAsync(row => row.Host == host && row.Configured, ct)
            ?? throw HttpFault.NotFound($"Host '{host}' is not mapped to any cell");
        var changed = await context.RequestServices.GetRequiredService<IMediator>().Send(request with { NodeId = node.Id }, ct);
        var service = new JsonObject { ["host"] = host, ["binary"] = binary };
        if (action is "force-down")
        {
            service["forced_down"] = changed.ForcedDown;
        }
        else
        {
            service["status"] = changed.Enabled ? "enabled" : "disabled";
        }

        if (action is "disable-log-reason")
        {
            service["disabled_reason"] = changed.DisabledReason;
        }

        return NovaJson.Ok(new JsonObject { ["service"] = service });
    }

    private static ChangeService.Request ToRequest(string action, JsonElement body, Microversion version) => action switch
    {
        "enable" => new ChangeService.Request(0, true, null, null),
        "disable" => new ChangeService.Request(0, false, null, null),
        "disable-log-reason" => new ChangeService.Request(0, false, body.TryGetProperty("disabled_reason", out var reason)
            ? reason.GetString() : throw HttpFault.BadRequest("Missing disabled reason field"), null),
        "force-down" when version.AtLeast(11) => new ChangeService.Request(0, null, null, body.TryGetProperty("forced_down", out var forced)
            ? BodyType.ReadBoolish(forced) : throw HttpFault.BadRequest("Missing forced_down field")),
        _ => throw HttpFault.NotFound("Unknown action"),
    };
}
