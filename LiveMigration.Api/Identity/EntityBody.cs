using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Identity;

/// <summary>The body of a request that makes or changes something of the identity service.</summary>
internal static class EntityBody
{
    /// <summary>Reads the one object that it holds, and checks it; further keys are ignored, as Keystone keeps and we don't.</summary>
    /// <exception cref="HttpFault">400.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context, string kind, BodySchema schema)
    {
        var body = await JsonBody.ReadAsync(context);
        if (!body.TryGetProperty(kind, out var entity))
        {
            throw HttpFault.BadRequest($"'{kind}' is a required property");
        }

        schema.Check(entity, kind, dropUnknownKeys: true);
        return TokenRequestBody.Text(entity, "domain_id") is { } domain && domain is not Core.Model.RoleAssignment.Domain
            ? throw IdentityFault.NotFound("domain", domain)
            : entity;
    }

    /// <summary>A text of it; null when it is absent or null.</summary>
    public static string? Text(this JsonElement entity, string name) => TokenRequestBody.Text(entity, name);

    /// <summary>A boolean of it; null when it is absent or null.</summary>
    public static bool? Flag(this JsonElement entity, string name) =>
        entity.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>Whether it is there, be it null.</summary>
    public static bool Has(this JsonElement entity, string name) => entity.TryGetProperty(name, out _);

    /// <summary>Whether a list's filter by domain, parent or state leaves anything.</summary>
    public static bool AsksForOurDomain(this IQueryCollection query) =>
        query["domain_id"].All(domain => domain is Core.Model.RoleAssignment.Domain);

    /// <summary>A filter by a flag; null when it is absent.</summary>
    public static bool? Flag(this IQueryCollection query, string name) =>
        query[name] is { Count: > 0 } given ? given[^1]?.ToUpperInvariant() is not ("FALSE" or "0" or "NO" or "OFF") : null;
}
