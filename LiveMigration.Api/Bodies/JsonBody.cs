using System.Text.Json;
using LiveMigration.Api.Errors;
using Microsoft.AspNetCore.Connections;

namespace LiveMigration.Api.Bodies;

/// <summary>Reads a request's body: an object in JSON, of bounded size and depth, in valid UTF-8.</summary>
internal static class JsonBody
{
    /// <summary>Nova's own bound (oslo.middleware's sizelimit), bytes.</summary>
    public const int MaxBytes = 114_688;

    private const string Malformed = "Malformed request body";

    /// <summary>The body, which must be an object.</summary>
    /// <exception cref="HttpFault">400 or 415.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        RefuseOtherMediaTypes(context.Request.ContentType);
        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { MaxDepth = 32 }, context.RequestAborted);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw HttpFault.BadRequest(Malformed);
            }

            Touch(root);
            return root.Clone();
        }
        // Kestrel tells of most bodies that break HTTP's own rules by an exception with a status, but of some chunks without.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            or (IOException and not BadHttpRequestException and not ConnectionResetException))
        {
            throw HttpFault.BadRequest(Malformed);
        }
    }

    /// <summary>The one key of an action's body and its arguments.</summary>
    public static async Task<JsonProperty> ReadActionAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var keys = body.EnumerateObject().Select(pair => pair.Name).ToHashSet(StringComparer.Ordinal);
        return keys.Count == 1 ? body.EnumerateObject().Last() : throw HttpFault.BadRequest(Malformed);
    }

    private static void RefuseOtherMediaTypes(string? contentType)
    {
        var type = contentType?.Split(';')[0].Trim() ?? "";
        if (type.Length > 0
            && !type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpFault(StatusCodes.Status415UnsupportedMediaType, "Unsupported Content-Type");
        }
    }

    // A lone surrogate in an escape is only found when the string is decoded: better here than in a slice.
    private static void Touch(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Touch(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var pair in value.EnumerateObject())
                {
                    _ = pair.Name;
                    Touch(pair.Value);
                }

                break;
        }
    }
}
