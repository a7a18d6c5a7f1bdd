using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;
using LiveMigration.Core.Alerts;

namespace LiveMigration.Api.Alerts;

/// <summary>
/// <c>GET /v1/alerts</c>, our own: what is wrong now and what to do about it, oldest first. With <c>?all=true</c> the last
/// resolved ones follow, the latest first.
/// </summary>
internal static class ListAlerts
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/alerts", (HttpContext context, AlertBook book) =>
        {
            context.Demand("livemigration:alerts:list");
            return NovaJson.Ok(new JsonObject { ["alerts"] = NovaJson.Array(book.List(IsAll(context)).Select(Document)) });
        })
        .WithTags("LiveMigration").WithName("ListAlerts")
        .WithSummary("What is wrong now, with the remedy; ?all=true adds what was put right.");

    private static bool IsAll(HttpContext context)
    {
        var given = context.Request.Query["all"];
        return given.Count > 0
            && (bool.TryParse(given[^1], out var all) ? all : throw HttpFault.BadRequest($"all is '{given[^1]}'; allowed: true or false."));
    }

    private static JsonObject Document(Alert alert) => new()
    {
        ["id"] = alert.Id.ToString(),
        ["kind"] = alert.Finding.Kind.ToWord(),
        ["severity"] = alert.Finding.Kind.Severity().ToWord(),
        ["server_id"] = alert.Finding.Instance?.ToString(),
        ["migration_id"] = alert.Finding.Migration,
        ["hosts"] = NovaJson.Array(alert.Finding.Hosts.Select(host => JsonValue.Create(host))),
        ["since"] = NovaJson.Microseconds(alert.Since),
        ["last_seen_at"] = NovaJson.Microseconds(alert.LastSeen),
        ["resolved_at"] = NovaJson.Microseconds(alert.ResolvedAt),
        ["text"] = alert.Finding.Text,
    };
}
