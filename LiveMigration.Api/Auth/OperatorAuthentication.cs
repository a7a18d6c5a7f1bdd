using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LiveMigration.Api.Auth;

/// <summary>Admits operators to the dashboard: by session cookie in a browser, by token elsewhere.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AdminToken token,
    DashboardSessions sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's and the policy's name.</summary>
    public const string SchemeName = "operator";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var known = token.Identify(Request.Headers["X-Auth-Token"], "") is not null
            || sessions.IsOpen(Request.Cookies[DashboardSessions.Cookie]);
        if (!known)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, AdminToken.User)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
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
