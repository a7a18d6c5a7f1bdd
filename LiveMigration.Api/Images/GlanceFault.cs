using System.Net;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Images;

/// <summary>Errors in the shape of Glance.</summary>
internal static class GlanceFault
{
    /// <summary>400.</summary>
    public static IResult BadRequest(string message) => Of(StatusCodes.Status400BadRequest, "Bad Request", message);

    /// <summary>404.</summary>
    public static IResult NotFound(string message) => Of(StatusCodes.Status404NotFound, "Not Found", message);

    // Glance writes the text into HTML; what a client sent must not become markup there.
    private static IResult Of(int status, string title, string message) => NovaJson.Status(status, new JsonObject
    {
        ["message"] = $"{WebUtility.HtmlEncode(message)}<br /><br />\n\n\n",
        ["code"] = $"{status} {title}",
        ["title"] = title,
    });
}
