using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Networks;

/// <summary>Errors in the shape of Neutron.</summary>
internal static class NeutronFault
{
    /// <summary>404.</summary>
    /// <param name="kind">The kind of thing, <c>Network</c>.</param>
    /// <param name="id">What it was looked for by.</param>
    public static IResult NotFound(string kind, string id) => NovaJson.Status(StatusCodes.Status404NotFound, new JsonObject
    {
        ["NeutronError"] = new JsonObject
        {
            ["type"] = $"{kind}NotFound",
            ["message"] = $"{kind} {id} could not be found.",
            ["detail"] = "",
        },
    });
}
