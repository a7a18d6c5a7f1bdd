using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Conductor;
using LiveMigration.Core.Persistence;
using MediatR;

namespace LiveMigration.Api.Servers;

/// <summary><c>DELETE /servers/{id}</c>, and <c>forceDelete</c>, which means the same here: nothing is kept back first.</summary>
internal static class DeleteServerAction
{
    public const string Key = "forceDelete";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/v2.1/servers/{id}", async (HttpContext context, string id, CancellationToken ct) =>
        {
            await DeleteAsync(context, id, "os_compute_api:servers:delete", ct);
            return NovaJson.NoContent();
        })
        .WithTags("Servers").WithName("DeleteServer").WithSummary("Removes a server; its disks too, if it was made here.");

    public static async Task<IResult> RunAsync(HttpContext context, string id, JsonProperty action, CancellationToken ct)
    {
        await DeleteAsync(context, id, "os_compute_api:os-deferred-delete:force", ct);
        return NovaJson.Accepted();
    }

    private static async Task DeleteAsync(HttpContext context, string id, string rule, CancellationToken ct)
    {
        var uuid = await ShowServer.ResolveAsync(context.RequestServices.GetRequiredService<ControlPlaneDbContext>(), id, ct);
        context.Demand(rule);
        await context.RequestServices.GetRequiredService<IMediator>().Send(new DeleteServer.Request(uuid, context.Caller()), ct);
    }
}
