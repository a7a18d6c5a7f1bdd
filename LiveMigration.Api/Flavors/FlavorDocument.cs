using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Flavors;

/// <summary>A flavor as Nova shows it, version by version.</summary>
internal static class FlavorDocument
{
    /// <summary>The item of a brief list.</summary>
    public static JsonObject Brief(HttpContext context, Flavor flavor)
    {
        var document = new JsonObject
        {
            ["id"] = flavor.FlavorId,
            ["name"] = flavor.Name,
            ["links"] = Links.Of(context, $"flavors/{flavor.FlavorId}"),
        };
        if (context.Version().AtLeast(55))
        {
            document["description"] = flavor.Description;
        }

        return document;
    }

    /// <summary>The full document.</summary>
    public static JsonObject Full(HttpContext context, Flavor flavor)
    {
        var version = context.Version();
        var document = new JsonObject
        {
            ["id"] = flavor.FlavorId,
            ["name"] = flavor.Name,
            ["ram"] = flavor.MemoryMiB,
            ["disk"] = flavor.DiskGiB,
            ["swap"] = flavor.SwapMiB == 0 && !version.AtLeast(75) ? "" : flavor.SwapMiB,
            ["OS-FLV-EXT-DATA:ephemeral"] = flavor.EphemeralGiB,
            ["OS-FLV-DISABLED:disabled"] = false,
            ["vcpus"] = flavor.Vcpus,
            ["os-flavor-access:is_public"] = flavor.IsPublic,
            ["rxtx_factor"] = flavor.RxTxFactor,
            ["links"] = Links.Of(context, $"flavors/{flavor.FlavorId}"),
        };
        if (version.AtLeast(55))
        {
            document["description"] = flavor.Description;
        }

        if (version.AtLeast(61))
        {
            document["extra_specs"] = ExtraSpecs(flavor);
        }

        return document;
    }

    /// <summary>Its extra specs.</summary>
    public static JsonObject ExtraSpecs(Flavor flavor) =>
        new(flavor.ExtraSpecs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
