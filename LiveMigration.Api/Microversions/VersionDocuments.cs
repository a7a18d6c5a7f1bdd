using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Microversions;

/// <summary>What a client reads first: which versions are spoken here. Open to everybody.</summary>
internal static class VersionDocuments
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context) => NovaJson.Ok(new JsonObject
        {
            ["versions"] = new JsonArray(Entry(context, "v2.0"), Entry(context, "v2.1")),
        })).WithTags("Versions").WithName("ListVersions").WithSummary("All versions of the API.");
        routes.MapGet("/v2.1", (HttpContext context) => Document(context, "v2.1"))
            .WithTags("Versions").WithName("ShowVersion").WithSummary("The version document; clients find the microversions here.");
        routes.MapGet("/v2", (HttpContext context) => Document(context, "v2.0"))
            .WithTags("Versions").WithName("ShowLegacyVersion").WithSummary("The legacy version's document.");
    }

    /// <summary>What Nova says of a path below none of its versions: here are the choices.</summary>
    public static Task WriteChoicesAsync(HttpContext context)
    {
        var original = context.Nova().OriginalPath;
        var choices = new JsonArray(Choice(context, "v2.0", "/v2", original), Choice(context, "v2.1", "/v2.1", original));
        return NovaFault.WriteAsync(
            context, StatusCodes.Status300MultipleChoices, new JsonObject { ["choices"] = choices }, "application/json");
    }

    private static IResult Document(HttpContext context, string id)
    {
        if (id is "v2.1")
        {
            var version = MicroversionNegotiation.Resolve(MicroversionNegotiation.Requested(context.Request.Headers));
            MicroversionNegotiation.Announce(context.Response, version);
            if (version < Microversion.Lowest || version > Microversion.Highest)
            {
                throw new HttpFault(
                    StatusCodes.Status406NotAcceptable,
                    $"Version {version} is not supported by the API. Minimum is {Microversion.Lowest} and maximum is {Microversion.Highest}.");
            }
        }

        var entry = Entry(context, id);
        entry["links"]!.AsArray().Add(new JsonObject
        {
            ["rel"] = "describedby", ["type"] = "text/html", ["href"] = "http://docs.openstack.org/",
        });
        entry["media-types"] = MediaTypes(id);
        return NovaJson.Ok(new JsonObject { ["version"] = entry });
    }

    private static JsonObject Entry(HttpContext context, string id) => new()
    {
        ["id"] = id,
        ["status"] = id is "v2.1" ? "CURRENT" : "SUPPORTED",
        ["version"] = id is "v2.1" ? Microversion.Highest.ToString() : "",
        ["min_version"] = id is "v2.1" ? Microversion.Lowest.ToString() : "",
        ["updated"] = id is "v2.1" ? "2013-07-23T11:33:21Z" : "2011-01-21T11:33:21Z",
        ["links"] = new JsonArray(Self($"{Links.Origin(context)}{(id is "v2.1" ? "/v2.1/" : "/v2/")}")),
    };

    private static JsonObject Choice(HttpContext context, string id, string prefix, string path) => new()
    {
        ["id"] = id,
        ["status"] = id is "v2.1" ? "CURRENT" : "SUPPORTED",
        ["links"] = new JsonArray(Self($"{Links.Origin(context)}{prefix}{path}")),
        ["media-types"] = MediaTypes(id),
    };

    private static JsonArray MediaTypes(string id) => new(new JsonObject
    {
        ["base"] = "application/json",
        ["type"] = $"application/vnd.openstack.compute+json;version={(id is "v2.1" ? "2.1" : "2")}",
    });

    private static JsonObject Self(string href) => new() { ["rel"] = "self", ["href"] = href };
}
