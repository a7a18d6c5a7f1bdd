using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Servers;

/// <summary><c>POST /servers/{id}/action</c>: the body's single key names the use case, <see cref="ServerActionTable"/> has them.</summary>
internal static class ServerActions
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/servers/{id}/action", async (HttpContext context, string id, CancellationToken ct) =>
        {
            var action = await JsonBody.ReadActionAsync(context);
            return ServerActionTable.Find(action.Name) is { } run
                ? await run(context, id, action, ct)
                : throw HttpFault.BadRequest($"There is no such action: {action.Name}");
        })
        .Fault(typeof(ComputeHostNotFound), StatusCodes.Status400BadRequest)
        .Fault(typeof(HypervisorUnavailable), StatusCodes.Status400BadRequest)
        .WithTags("Servers").WithName("RunServerAction")
        .WithSummary("Does something with a server: os-migrateLive, pause, unpause, suspend, resume, os-start, os-stop, reboot, lock, unlock, os-resetState, forceDelete.");
}

/// <summary>Does what one key of an action's body asks for.</summary>
/// <param name="context">The request.</param>
/// <param name="id">The server, as the client wrote it.</param>
/// <param name="action">The key and its arguments.</param>
/// <param name="ct">The client has hung up.</param>
internal delegate Task<IResult> ServerAction(HttpContext context, string id, JsonProperty action, CancellationToken ct);
