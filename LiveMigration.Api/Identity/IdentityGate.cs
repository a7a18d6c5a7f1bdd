using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;
using LiveMigration.Api.Policy;
using LiveMigration.Api.Settings;
using LiveMigration.Core.Persistence;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Api.Identity;

/// <summary>What every call of the identity service passes before its slice: route, token, and Keystone's way of saying no.</summary>
internal sealed class IdentityGate(RequestDelegate next, Callers callers, ApiSettings settings)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/identity", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var endpoint = context.GetEndpoint();
        try
        {
            if (settings.Identity.Keystone is not null || endpoint?.Metadata.GetMetadata<HttpMethodMetadata>() is null)
            {
                throw HttpFault.NotFound("The requested URL was not found on the server.");
            }

            context.Response.Headers.Vary = Callers.Header;
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            {
                var (caller, _) = await callers.IdentifyAsync(context) ?? throw IdentityFault.Unauthorized();
                context.Nova().Caller = caller;
            }

            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && Find(exception, endpoint) is var (status, message))
        {
            context.Response.Clear();
            context.Response.Headers.Vary = Callers.Header;
            if (exception is TooManyLogIns throttled)
            {
                context.Response.Headers.RetryAfter = throttled.Seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            await IdentityFault.WriteAsync(context, status, message);
        }
    }

    private static (int Status, string Message)? Find(Exception exception, Endpoint? endpoint) => exception switch
    {
        PolicyForbidden forbidden => (forbidden.Status, $"You are not authorized to perform the requested action: {forbidden.Rule}."),
        // Two changed or removed the same at once.
        DbUpdateException when SqliteFaults.Explain(exception) is null =>
            (StatusCodes.Status409Conflict, "Conflict occurred: it was changed by another request. Try again."),
        _ => FaultTable.Find(exception, endpoint),
    };
}
