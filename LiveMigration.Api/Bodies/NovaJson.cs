using System.Globalization;
using System.Text.Json.Nodes;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Bodies;

/// <summary>Answers, and the spellings that Nova uses in them.</summary>
internal static class NovaJson
{
    /// <summary>200 with a document.</summary>
    public static IResult Ok(JsonObject body) => new Document(body);

    /// <summary>202 without a body: accepted, the outcome is to be read elsewhere.</summary>
    public static IResult Accepted() => new Empty(StatusCodes.Status202Accepted);

    /// <summary>202 with a document: accepted, and this is what was made.</summary>
    public static IResult Accepted(JsonObject body) => new Document(body, StatusCodes.Status202Accepted);

    /// <summary>A document with any status.</summary>
    public static IResult With(int status, JsonObject body) => new Document(body, status);

    /// <summary>204: done, and there is nothing to say.</summary>
    public static IResult NoContent() => new Empty(StatusCodes.Status204NoContent);

    /// <summary>200 without a body.</summary>
    public static IResult Done() => new Empty(StatusCodes.Status200OK);

    /// <summary>Nova's times without a zone, in microseconds.</summary>
    public static string? Microseconds(DateTime? time) =>
        time?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>Nova's times of servers, in seconds.</summary>
    public static string Seconds(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A list of nodes as an array.</summary>
    public static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);

    private sealed class Document(JsonObject body, int status = StatusCodes.Status200OK) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            NovaFault.WriteAsync(httpContext, status, body, "application/json");
    }

    private sealed class Empty(int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json";
            httpContext.Response.ContentLength = status == StatusCodes.Status204NoContent ? null : 0;
            return Task.CompletedTask;
        }
    }
}
