using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Images;

/// <summary>
/// <c>GET /image/v2/schemas/image</c> and <c>/images</c>: what an image looks like, which Glance's own client asks for before
/// it shows one. Everything is read-only here.
/// </summary>
internal static class ImageSchemas
{
    private static readonly (string Name, string[] Types)[] Properties =
    [
        ("id", ["string"]), ("name", ["null", "string"]), ("status", ["string"]), ("visibility", ["string"]), ("protected", ["boolean"]),
        ("os_hidden", ["boolean"]), ("checksum", ["null", "string"]), ("os_hash_algo", ["null", "string"]), ("os_hash_value", ["null", "string"]),
        ("owner", ["null", "string"]), ("size", ["null", "integer"]), ("virtual_size", ["null", "integer"]), ("container_format", ["null", "string"]),
        ("disk_format", ["null", "string"]), ("created_at", ["string"]), ("updated_at", ["string"]), ("tags", ["array"]), ("min_ram", ["integer"]),
        ("min_disk", ["integer"]), ("self", ["string"]), ("file", ["string"]), ("schema", ["string"]),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/image/v2/schemas/image", () => NovaJson.Ok(Image()))
            .WithTags("Images").WithName("ShowImageSchema").WithSummary("What an image looks like, as a JSON schema.");
        routes.MapGet("/image/v2/schemas/images", () => NovaJson.Ok(Images()))
            .WithTags("Images").WithName("ShowImagesSchema").WithSummary("What a list of images looks like, as a JSON schema.");
    }

    private static JsonObject Image() => new()
    {
        ["name"] = "image",
        ["properties"] = new JsonObject(Properties.Select(property => KeyValuePair.Create<string, JsonNode?>(property.Name, new JsonObject
        {
            ["type"] = property.Types is [var only] ? only : new JsonArray([.. property.Types.Select(type => JsonValue.Create(type))]),
            ["readOnly"] = true,
        }))),
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
        ["links"] = new JsonArray(Link("self", "{self}"), Link("enclosure", "{file}"), Link("describedby", "{schema}")),
    };

    private static JsonObject Images() => new()
    {
        ["name"] = "images",
        ["properties"] = new JsonObject
        {
            ["images"] = new JsonObject { ["type"] = "array", ["items"] = Image() },
            ["first"] = new JsonObject { ["type"] = "string" },
            ["next"] = new JsonObject { ["type"] = "string" },
            ["schema"] = new JsonObject { ["type"] = "string" },
        },
        ["links"] = new JsonArray(Link("first", "{first}"), Link("next", "{next}"), Link("describedby", "{schema}")),
    };

    private static JsonObject Link(string rel, string href) => new() { ["rel"] = rel, ["href"] = href };
}
