using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Api.Errors;

/// <summary>Writes an error in the shape of Nova: one key that names the fault, with code and message in it.</summary>
internal static class NovaFault
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Nova's name of a fault with this status.</summary>
    public static string NameOf(int status) => status switch
    {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 or 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };

    /// <summary>Answers with a fault.</summary>
    public static Task WriteAsync(HttpContext context, int status, string message) => WriteAsync(
        context,
        status,
        new JsonObject { [NameOf(status)] = new JsonObject { ["code"] = status, ["message"] = message } },
        "application/json; charset=UTF-8");

    /// <summary>What Nova's router says, outside of its controllers, of a path or verb that it does not know.</summary>
    public static Task WriteNoRouteAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status404NotFound,
        new JsonObject
        {
            ["message"] = "The resource could not be found.<br /><br />\n\n\n",
            ["code"] = "404 Not Found",
            ["title"] = "Not Found",
        },
        "application/json");

    /// <summary>Answers with a JSON document.</summary>
    public static async Task WriteAsync(HttpContext context, int status, JsonNode body, string contentType)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Relaxed);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
