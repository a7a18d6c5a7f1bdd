using System.Text.Json.Nodes;
using LiveMigration.Api.Bodies;

namespace LiveMigration.Api.Networks;

/// <summary>Errors in the shape of Neutron.</summary>
internal static class NeutronFault
{
    /// <summary>404.</summary>
    /// <param name="kind">The kind of thing, <c>Network</c>.</param>
    /// <param name="id">What it was looked for by.</param>
    public static IResult NotFound(string kind, string id) =>
        Of(StatusCodes.Status404NotFound, $"{kind}NotFound", $"{kind} {id} could not be found.");

    /// <summary>400.</summary>
    /// <param name="type">The class of Neutron's error.</param>
    /// <param name="message">What is wrong.</param>
    public static IResult BadRequest(string type, string message) => Of(StatusCodes.Status400BadRequest, type, message);

    private static IResult Of(int status, string type, string message) => NovaJson.Status(status, new JsonObject
    {
        ["NeutronError"] = new JsonObject { ["type"] = type, ["message"] = message, ["detail"] = "" },
    });
}
