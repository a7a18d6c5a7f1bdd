using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Core.Errors;

namespace LiveMigration.Api.Servers;

/// <summary><c>POST /servers/{id}/action</c>: the body's single key names the use case.</summary>
internal static class ServerActions
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v2.1/servers/{id}/action", async (HttpContext context, string id, CancellationToken ct) =>
        {
            var action = await JsonBody.ReadActionAsync(context);
            return action.Name switch
            {
                MigrateLiveAction.Key => await MigrateLiveAction.RunAsync(context, id, action.Value, ct),
                LockAction.LockKey or LockAction.UnlockKey => await LockAction.RunAsync(context, id, action, ct),
                DeleteServerAction.Key => await DeleteServerAction.RunAsync(context, id, ct),
                _ => throw HttpFault.BadRequest($"There is no such action: {action.Name}"),
            };
        })
        .Fault(typeof(ComputeHostNotFound), StatusCodes.Status400BadRequest)
        .Fault(typeof(HypervisorUnavailable), StatusCodes.Status400BadRequest)
        .WithTags("Servers").WithName("RunServerAction")
        .WithSummary("Does something with a server: os-migrateLive, lock, unlock, forceDelete.");
}
