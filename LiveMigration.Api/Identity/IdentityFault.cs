using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace LiveMigration.Api.Identity;

/// <summary>Errors of the identity service, in Keystone's words and shape.</summary>
internal static class IdentityFault
{
    /// <summary>What Keystone says of everything that is wrong with a log-in, whatever it is.</summary>
    public const string RequiresAuthentication = "The request you have made requires authentication.";

    /// <summary>401.</summary>
    public static HttpFault Unauthorized() => new(StatusCodes.Status401Unauthorized, RequiresAuthentication);

    /// <summary>404 of a thing by its id.</summary>
    public static HttpFault NotFound(string kind, string id) => HttpFault.NotFound($"Could not find {kind}: {id}.");

    /// <summary>409 of a name that is taken.</summary>
    public static HttpFault Taken(string kind, string name) => new(
        StatusCodes.Status409Conflict,
        $"Conflict occurred attempting to store {kind} - Duplicate entry found with name {name} at domain ID default.");

    /// <summary>Writes one.</summary>
    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{Links.Origin(context)}/identity/v3\"";
        }

        return NovaFault.WriteAsync(
            context,
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = status,
                    ["message"] = message,
                    ["title"] = ReasonPhrases.GetReasonPhrase(status),
                },
            },
            "application/json");
    }
}
