using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Errors;
using Microsoft.AspNetCore.Routing.Patterns;

namespace LiveMigration.Api.Servers;

/// <summary>
/// Stands before everything whose path names a server: another project's is not there for whoever is no admin, and the
/// rules that are asked behind it are asked of this server.
/// </summary>
internal sealed class ServerGate(RequestDelegate next, ServerSnapshots snapshots)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (ServerOf(context) is { } id && context.Nova().Caller is { } caller
            && (!caller.IsAdmin || !HttpMethods.IsGet(context.Request.Method)))
        {
            var owner = Guid.TryParseExact(id, "D", out var uuid) && await snapshots.FindAsync(uuid, context.RequestAborted) is { } found
                ? PolicyTarget.Of(found.Server)
                : null;
            if (owner is not null && !caller.IsAdmin && !caller.ProjectId.Equals(owner.ProjectId, StringComparison.Ordinal))
            {
                throw new InstanceNotFound(id);
            }

            context.Nova().Target = owner;
        }

        await next(context);
    }

    // /v2.1/servers/{…}/… and /v1/servers/{…}/…, whatever the parameter is called.
    private static string? ServerOf(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.PathSegments: [_, var place, var server, ..] }
        && place.Parts is [RoutePatternLiteralPart { Content: "servers" }]
        && server.Parts is [RoutePatternParameterPart parameter]
            ? context.Request.RouteValues[parameter.Name] as string
            : null;
}
