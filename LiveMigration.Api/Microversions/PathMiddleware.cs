namespace LiveMigration.Api.Microversions;

/// <summary>
/// Folds the spellings of a path into the one that routes are declared under: <c>/v2/…</c> and
/// <c>/v2.1/{project}/…</c> become <c>/v2.1/…</c>, and the difference is remembered.
/// </summary>
internal sealed class PathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var segments = path.Split('/');
        if (segments.Length >= 3 && segments[2].Length > 0 && segments[1] is "v2" or "v2.1" && segments[2].Length > 0)
        {
            var nova = context.Nova();
            nova.Legacy = segments[1] is "v2";
            var rest = 2;
            if (segments.Length > 3 && segments[2].All(character => character is (>= '0' and <= '9') or (>= 'a' and <= 'f') or '-'))
            {
                nova.ProjectInPath = segments[2];
                rest = 3;
            }

            context.Request.Path = "/v2.1/" + string.Join('/', segments[rest..]);
        }

        return next(context);
    }
}
