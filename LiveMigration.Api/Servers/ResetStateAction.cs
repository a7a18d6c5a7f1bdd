using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Persistence;
using LiveMigration.Core.Power;
using MediatR;

namespace LiveMigration.Api.Servers;

/// <summary><c>os-resetState</c>: an operator says what a server is to be called. No lock stops it.</summary>
internal static class ResetStateAction
{
    public const string Key = "os-resetState";

    private static readonly BodySchema Body = new(new BodyProperty("state", BodyType.OneOf("active", "error"), Required: true));

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        Body.Check(action.Value, Key);
        var db = context.RequestServices.GetRequiredService<ControlPlaneDbContext>();
        var uuid = await ShowServer.ResolveAsync(db, id, ct);
        context.Demand("os_compute_api:os-admin-actions:reset_state");
        var error = action.Value.GetProperty("state").GetString() is "error";
        await context.RequestServices.GetRequiredService<IMediator>().Send(new ResetState.Request(uuid, error, context.Caller()), ct);
        return NovaJson.Accepted();
    }
}
