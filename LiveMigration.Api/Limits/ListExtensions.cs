using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Policy;

namespace LiveMigration.Api.Limits;

/// <summary><c>GET /extensions</c>: Nova's fixed list, from the time before microversions; clients look for names in it.</summary>
internal static class ListExtensions
{
    private static readonly Lazy<List<Extension>> All = new(Read);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.1/extensions", (HttpContext context) =>
            {
                context.Demand("os_compute_api:extensions");
                return NovaJson.Ok(new JsonObject { ["extensions"] = NovaJson.Array(All.Value.Select(Document)) });
            })
            .WithTags("Limits").WithName("ListExtensions").WithSummary("Names that Nova's parts once had.");
        routes.MapGet("/v2.1/extensions/{alias}", (HttpContext context, string alias) =>
            {
                context.Demand("os_compute_api:extensions");
                var found = All.Value.Find(extension => extension.Alias == alias)
                    ?? throw HttpFault.NotFound("The resource could not be found.");
                return NovaJson.Ok(new JsonObject { ["extension"] = Document(found) });
            })
            .WithTags("Limits").WithName("ShowExtension").WithSummary("One of them.");
    }

    private static JsonObject Document(Extension extension) => new()
    {
        ["alias"] = extension.Alias,
        ["description"] = extension.Description,
        ["links"] = new JsonArray(),
        ["name"] = extension.Name,
        ["namespace"] = "http://docs.openstack.org/compute/ext/fake_xml",
        ["updated"] = "2014-12-03T00:00:00Z",
    };

    private static List<Extension> Read()
    {
        using var stream = typeof(ListExtensions).Assembly.GetManifestResourceStream("extensions.json")!;
        return JsonSerializer.Deserialize<List<Extension>>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Extension(string Alias, string Name, string Description);
}
