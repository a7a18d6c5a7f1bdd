using System.Security.Claims;
using System.Text.Encodings.Web;
using LiveMigration.Api.Identity;
using LiveMigration.Api.Microversions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LiveMigration.Api.Auth;

/// <summary>Admits operators to the dashboard: by session cookie in a browser, by token elsewhere.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Callers callers,
    DashboardSessions sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's and the policy's name.</summary>
    public const string SchemeName = "operator";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var known = sessions.IsOpen(Request.Cookies[DashboardSessions.Cookie])
            || (Context.Nova().Caller ?? (await callers.IdentifyAsync(Context))?.Caller) is { IsAdmin: true };
        if (!known)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, AdminToken.User)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var browser = !Request.Headers.ContainsKey("X-Auth-Token")
            && Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
        if (!browser)
        {
            return Unauthorized.WriteAsync(Context);
        }

        Response.Redirect("/login");
        return Task.CompletedTask;
    }
}
