using System.Text.Json;
using LiveMigration.Api.Errors;
using LiveMigration.Core.Model;

namespace LiveMigration.Api.Identity;

/// <summary>The body of a log-in, checked.</summary>
/// <param name="UserId">The user by id.</param>
/// <param name="UserName">The user by name.</param>
/// <param name="Password">The password; null for a log-in by token.</param>
/// <param name="Token">The token; null for a log-in by password.</param>
/// <param name="Scope">Where the new token shall hold.</param>
/// <param name="Known">False for a user of a domain that there is none of, or for a method that we don't have.</param>
internal sealed record TokenRequestBody(
    string? UserId, string? UserName, string? Password, string? Token, ScopeBody Scope, bool Known)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="HttpFault">400: it is no log-in.</exception>
    public static TokenRequestBody Read(JsonElement body)
    {
        var auth = Required(body, "auth", "auth");
        var identity = Required(auth, "identity", "auth");
        if (!identity.TryGetProperty("methods", out var methods) || methods.ValueKind != JsonValueKind.Array
            || methods.EnumerateArray().Any(method => method.ValueKind != JsonValueKind.String))
        {
            throw HttpFault.BadRequest("'methods' is a required property");
        }

        var scope = ScopeBody.Read(auth);
        return methods.EnumerateArray().Select(method => method.GetString()).ToList() switch
        {
            ["password"] => ByPassword(Required(Required(identity, "password", "identity"), "user", "password"), scope),
            ["token"] => new TokenRequestBody(null, null, null, Text(Required(identity, "token", "identity"), "id")
                ?? throw HttpFault.BadRequest("'id' is a required property"), scope, Known: true),
            _ => new TokenRequestBody(null, null, null, null, scope, Known: false),
        };
    }

    /// <summary>A text among the members of an object; null when it is absent or no text.</summary>
    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Whether an object is of the one domain that there is.</summary>
    /// <exception cref="HttpFault">400: it names none.</exception>
    public static bool IsOfDomain(JsonElement parent, string kind)
    {
        if (!parent.TryGetProperty("domain", out var domain))
        {
            throw HttpFault.BadRequest(
                $"Expecting to find domain in {kind}. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
        }

        return IsDomain(domain);
    }

    /// <summary>Whether this is the one domain that there is, by id or by name.</summary>
    public static bool IsDomain(JsonElement domain) =>
        Text(domain, "id") is { } id ? id is RoleAssignment.Domain : Text(domain, "name") is "Default" or RoleAssignment.Domain;

    private static TokenRequestBody ByPassword(JsonElement user, ScopeBody scope)
    {
        var (id, name) = (Text(user, "id"), Text(user, "name"));
        if (id is null && name is null)
        {
            throw HttpFault.BadRequest("Expecting to find id or name in user. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
        }

        var known = id is not null || IsOfDomain(user, "user");
        var password = Text(user, "password") ?? throw HttpFault.BadRequest("'password' is a required property");
        return new TokenRequestBody(id, id is null ? name : null, password, null, scope, known);
    }

    private static JsonElement Required(JsonElement parent, string name, string inside) =>
        !parent.TryGetProperty(name, out var value) ? throw HttpFault.BadRequest($"'{name}' is a required property")
            : value.ValueKind == JsonValueKind.Object ? value
            : throw HttpFault.BadRequest($"Invalid input for field '{inside}/{name}': it is not of type 'object'");
}
