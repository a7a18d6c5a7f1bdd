using System.Threading.RateLimiting;

namespace LiveMigration.Api.Auth;

/// <summary>The dashboard's log-in: a page, and what happens to its form.</summary>
internal static class LoginPage
{
    /// <summary>The rate limiter's policy for attempts.</summary>
    public const string Attempts = "login-attempts";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", () => Page(failed: false)).ExcludeFromDescription();
        routes.MapPost("/login", LogInAsync).RequireRateLimiting(Attempts).ExcludeFromDescription();
        routes.MapPost("/logout", LogOut).ExcludeFromDescription();
    }

    /// <summary>Five attempts a minute from one address.</summary>
    public static RateLimitPartition<string> Partition(HttpContext context) => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = 5, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private static async Task<IResult> LogInAsync(HttpContext context, DashboardSessions sessions)
    {
        if (!FromOurOwnPage(context.Request) || !context.Request.HasFormContentType)
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        if (await ReadFormAsync(context) is not { } form)
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        if (sessions.LogIn(form["user"], form["password"]) is not { } session)
        {
            return Page(failed: true);
        }

        context.Response.Cookies.Append(DashboardSessions.Cookie, session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
        });
        return Results.Redirect("/hangfire");
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return null;
        }
    }

    private static IResult LogOut(HttpContext context, DashboardSessions sessions)
    {
        if (FromOurOwnPage(context.Request))
        {
            sessions.LogOut(context.Request.Cookies[DashboardSessions.Cookie]);
            context.Response.Cookies.Delete(DashboardSessions.Cookie);
        }

        return Results.Redirect("/login");
    }

    // A browser always sends Origin with a form's POST; what it says can't be chosen by another site.
    private static bool FromOurOwnPage(HttpRequest request) =>
        request.Headers.Origin is not { Count: > 0 } origin || origin == $"{request.Scheme}://{request.Host}";

    private static IResult Page(bool failed) => Results.Content(
        Html.Replace("<!--failed-->", failed ? "<p class=\"failed\">User or password is wrong.</p>" : "", StringComparison.Ordinal),
        "text/html; charset=utf-8",
        statusCode: failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);

    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>LiveMigration</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; background: #f3f5f8; color: #1d2733; display: grid; place-items: center; min-height: 100vh; margin: 0 }
          form { background: #fff; padding: 2rem 2.25rem; border-radius: 10px; box-shadow: 0 2px 16px #0002; width: 19rem }
          h1 { font-size: 1.25rem; margin: 0 0 1rem }
          label { display: block; margin: .75rem 0 .2rem; font-size: .9rem }
          input { width: 100%; box-sizing: border-box; padding: .5rem .6rem; border: 1px solid #b9c3cf; border-radius: 6px; font: inherit }
          button { margin-top: 1.25rem; width: 100%; padding: .6rem; border: 0; border-radius: 6px; background: #1f5fbf; color: #fff; font: inherit; cursor: pointer }
          .failed { color: #a4161a; margin: .5rem 0 0 }
          .hint { color: #5b6877; font-size: .82rem; margin: 1rem 0 0 }
          @media (prefers-color-scheme: dark) { body { background: #12171d; color: #e4e9ef } form { background: #1c232b } input { background: #12171d; color: inherit; border-color: #465261 } }
        </style>
        <form method="post" action="/login">
          <h1>LiveMigration</h1>
          <!--failed-->
          <label for="user">User</label>
          <input id="user" name="user" value="admin" autocomplete="username" required>
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
          <button>Log in</button>
          <p class="hint">The password is in the file dashboard-password of the state folder.</p>
        </form>
        </html>
        """;
}
