using LiveMigration.Api.Auth;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Identity;

namespace LiveMigration.Api.Microversions;

/// <summary>
/// What every call of the API passes before its slice, in Nova's order: token, route, version, the version's range of
/// the route, the project in the path.
/// </summary>
internal sealed class NovaGate(RequestDelegate next, Callers callers)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var isNova = path.StartsWithSegments("/v2.1", StringComparison.Ordinal, out var rest) && rest.HasValue && rest != "/";
        if (!isNova && !path.StartsWithSegments("/v1", StringComparison.Ordinal) && !IsOtherService(path))
        {
            await next(context);
            return;
        }

        var nova = context.Nova();
        if (await callers.IdentifyAsync(context) is not var (caller, grant))
        {
            await Unauthorized.WriteAsync(context);
            return;
        }

        // A token of no project, or of the domain, is nobody's in particular here: it has no roles in any project.
        nova.Caller = grant.ProjectId is null ? caller with { Roles = [], IsAdmin = false } : caller;
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<HttpMethodMetadata>() is null)
        {
            await NovaFault.WriteNoRouteAsync(context);
            return;
        }

        if (isNova)
        {
            Negotiate(context, nova, endpoint);
        }

        await next(context);
    }

    /// <summary>What answers in the place of Glance and of Neutron; their lists of versions are open to everybody.</summary>
    private static bool IsOtherService(PathString path) =>
        path.StartsWithSegments("/image/v2", StringComparison.Ordinal) || path.StartsWithSegments("/network/v2.0", StringComparison.Ordinal);

    private static void Negotiate(HttpContext context, NovaRequest nova, Endpoint endpoint)
    {
        if (!nova.Legacy)
        {
            var version = MicroversionNegotiation.Resolve(MicroversionNegotiation.Requested(context.Request.Headers));
            MicroversionNegotiation.Announce(context.Response, version);
            if (version < Microversion.Lowest || version > Microversion.Highest)
            {
                throw new HttpFault(
                    StatusCodes.Status406NotAcceptable,
                    $"Version {version} is not supported by the API. Minimum is {Microversion.Lowest} and maximum is {Microversion.Highest}.");
            }

            nova.Version = version;
        }

        if (endpoint.Metadata.GetOrderedMetadata<MicroversionRange>().Any(range => !range.Contains(nova.Version)))
        {
            throw HttpFault.NotFound("The resource could not be found.");
        }

        if (nova.ProjectInPath is { } project && !project.Equals(nova.Caller!.ProjectId, StringComparison.Ordinal))
        {
            throw HttpFault.BadRequest(
                $"Malformed request URL: URL's project_id '{project}' doesn't match Context's project_id '{nova.Caller.ProjectId}'");
        }
    }
}
