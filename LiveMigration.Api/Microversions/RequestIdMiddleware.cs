using LiveMigration.Core.Drivers;

namespace LiveMigration.Api.Microversions;

/// <summary>Gives every request its id, in both spellings that clients look for.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next, IIdSource ids)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = new NovaRequest($"req-{ids.NewGuid()}") { OriginalPath = context.Request.Path.Value ?? "/" };
        context.Features.Set(request);
        if (request.OriginalPath is not "/")
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-openstack-request-id"] = request.RequestId;
                if (!request.OriginalPath.StartsWith("/identity", StringComparison.Ordinal))
                {
                    context.Response.Headers["x-compute-request-id"] = request.RequestId;
                }

                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
