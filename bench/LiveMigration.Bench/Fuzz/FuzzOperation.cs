using System.Text.Json;

namespace LiveMigration.Bench.Fuzz;

/// <summary>One operation of the API's own description.</summary>
/// <param name="Name">Its name there, <c>ShowServer</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with parameters in braces.</param>
/// <param name="Example">The example of a body; null for none.</param>
internal sealed record FuzzOperation(string Name, string Method, string Path, string? Example)
{
    /// <summary>What is no part of the API, and is reached by the same port.</summary>
    public static readonly FuzzOperation[] Pages =
    [
        new("page", "GET", "/login", null), new("page", "POST", "/login", null), new("page", "POST", "/logout", null), new("page", "GET", "/hangfire", null),
        new("page", "GET", "/hangfire/jobs/enqueued", null), new("page", "POST", "/hangfire/jobs/enqueued/delete", null), new("page", "GET", "/docs/", null),
        new("page", "GET", "/openapi/{documentName}.json", null), new("page", "GET", "/favicon.ico", null), new("page", "GET", "/v3/{id}", null),
    ];

    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <summary>All of them, in the document's order.</summary>
    public static IReadOnlyList<FuzzOperation> ReadAll(string document)
    {
        using var json = JsonDocument.Parse(document);
        return
        [
            .. from path in json.RootElement.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where Methods.Contains(operation.Name, StringComparer.Ordinal)
               select new FuzzOperation(
                   operation.Value.TryGetProperty("operationId", out var name) ? name.GetString()! : $"{operation.Name} {path.Name}",
                   operation.Name.ToUpperInvariant(),
                   path.Name,
                   ExampleOf(operation.Value)),
        ];
    }

    private static string? ExampleOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body)
        && body.TryGetProperty("content", out var content)
        && content.TryGetProperty("application/json", out var json)
        && json.TryGetProperty("example", out var example) ? example.GetRawText() : null;
}
