using System.Text.Encodings.Web;
using System.Text.Json;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Audit;

/// <summary>
/// Writes down who was let change something and who was not: a line for each rule that was asked, or one for a request
/// that did not come that far. Reading is not written down.
/// </summary>
internal sealed partial class AuditMiddleware(RequestDelegate next, AuditFile file, TimeProvider time, ILogger<AuditMiddleware> log)
{
    private const int MaxText = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    public async Task InvokeAsync(HttpContext context)
    {
        // Slices see another path, and a broken connection leaves no answer: so what is told is taken beforehand.
        var path = context.Request.Path.Value ?? "";
        try
        {
            await next(context);
        }
        finally
        {
            if (IsChange(context.Request.Method) && IsApi(path))
            {
                Write(context, path);
            }
        }
    }

    private static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static bool IsApi(string path) =>
        path.StartsWith("/v", StringComparison.Ordinal)
        || path.StartsWith("/identity/", StringComparison.Ordinal)
        || path.StartsWith("/image/", StringComparison.Ordinal)
        || path.StartsWith("/network/", StringComparison.Ordinal);

    private void Write(HttpContext context, string path)
    {
        var nova = context.Nova();
        var status = context.Response.StatusCode;
        if (nova.Decisions.Count == 0)
        {
            Write(context, nova, path, null, status < 400, status);
        }

        foreach (var decision in nova.Decisions)
        {
            Write(context, nova, path, decision, decision.Allowed, status);
        }
    }

    private void Write(HttpContext context, NovaRequest nova, string path, PolicyDecision? decision, bool allowed, int status)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
            json.WriteString("request_id", nova.RequestId);
            json.WriteString("address", context.Connection.RemoteIpAddress?.ToString());
            Who(json, nova.Caller, nova.ClaimedUser);
            json.WriteString("method", Cut(context.Request.Method));
            json.WriteString("path", Cut(path));
            if (decision is not null)
            {
                json.WriteString("rule", decision.Rule);
                json.WriteStartObject("target");
                json.WriteString("project", decision.Target.ProjectId);
                json.WriteString("user", decision.Target.UserId);
                json.WriteEndObject();
            }

            json.WriteString("decision", allowed ? "allowed" : "denied");
            json.WriteNumber("status", status);
            json.WriteEndObject();
        }

        file.Append(buffer.WrittenSpan);
        if (log.IsEnabled(LogLevel.Information))
        {
            var text = System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
            Decided(text);
        }
    }

    private static void Who(Utf8JsonWriter json, Caller? caller, string? claimed)
    {
        json.WriteString("user", caller?.UserId);
        json.WriteString("project", caller?.ProjectId);
        json.WriteStartArray("roles");
        foreach (var role in caller?.Roles ?? [])
        {
            json.WriteStringValue(role);
        }

        json.WriteEndArray();
        if (claimed is not null)
        {
            json.WriteString("claimed_user", Cut(claimed));
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Decision}")]
    private partial void Decided(string decision);
}
