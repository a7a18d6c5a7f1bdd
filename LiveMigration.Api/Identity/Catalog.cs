using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Settings;

namespace LiveMigration.Api.Identity;

/// <summary>Where the services are: all of them on our own address. Clients ask nothing before they have read this.</summary>
internal static class Catalog
{
    private static readonly string[] Interfaces = ["admin", "internal", "public"];

    private static readonly (string Type, string Name, string Path)[] Services =
    [
        ("compute", "nova", "/v2.1"),
        ("identity", "keystone", "/identity/v3/"),
        ("image", "glance", "/image"),
        ("network", "neutron", "/network"),
    ];

    /// <summary>The catalog as this client sees it.</summary>
    public static JsonArray Of(HttpContext context)
    {
        var region = context.RequestServices.GetRequiredService<ApiSettings>().Identity.Region;
        var origin = Links.Origin(context);
        return NovaJson.Array(Services.Select(service => new JsonObject
        {
            ["endpoints"] = NovaJson.Array(Interfaces.Select(face => new JsonObject
            {
                ["id"] = Id(service.Type + face),
                ["interface"] = face,
                ["region_id"] = region,
                ["url"] = origin + service.Path,
                ["region"] = region,
            })),
            ["id"] = Id(service.Type),
            ["type"] = service.Type,
            ["name"] = service.Name,
        }));
    }

    // The same at every start: clients may remember them.
    private static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
