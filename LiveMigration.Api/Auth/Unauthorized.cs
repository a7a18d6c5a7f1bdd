using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Auth;

/// <summary>The answer to a missing or wrong token, in the words of Keystone's middleware; it stands before Nova.</summary>
internal static class Unauthorized
{
    public static Task WriteAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{IdentityUrl(context)}/\"";
        return NovaFault.WriteAsync(
            context,
            StatusCodes.Status401Unauthorized,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = 401,
                    ["title"] = "Unauthorized",
                    ["message"] = "The request you have made requires authentication.",
                },
            },
            "application/json");
    }

    private static string IdentityUrl(HttpContext context) =>
        context.RequestServices.GetRequiredService<ApiSettings>().Identity.Keystone is { } other
            ? other.Url.ToString().TrimEnd('/')
            : $"{Links.Origin(context)}/identity";
}
