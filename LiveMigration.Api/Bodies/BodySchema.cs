using System.Text.Json;
using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Bodies;

/// <summary>
/// The part of JSON Schema that Nova's bodies need, declared per version, with its messages in jsonschema's words.
/// Checked in jsonschema's order: type, properties, required, additional properties.
/// </summary>
/// <param name="Properties">The keys it may have, in order.</param>
internal sealed record BodySchema(params BodyProperty[] Properties)
{
    /// <summary>Checks the arguments of an action, or a whole body when <paramref name="name"/> is null.</summary>
    /// <exception cref="HttpFault">400 with the first error found.</exception>
    public void Check(JsonElement value, string? name, bool dropUnknownKeys = false)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Error(name, value, $"{PythonText.Repr(value)} is not of type 'object'");
        }

        foreach (var property in Properties)
        {
            if (value.TryGetProperty(property.Name, out var item) && property.Type.Explain(item) is { } reason)
            {
                throw Error(property.Name, item, reason);
            }
        }

        foreach (var property in Properties.Where(property => property.Required && !value.TryGetProperty(property.Name, out _)))
        {
            throw Error(name, value, $"'{property.Name}' is a required property");
        }

        var unknown = value.EnumerateObject().Select(pair => pair.Name)
            .Where(key => Properties.All(property => !property.Name.Equals(key, StringComparison.Ordinal))).Distinct(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0 && !dropUnknownKeys)
        {
            throw Error(name, value, Unexpected(unknown));
        }
    }

    /// <summary>jsonschema's text for keys that are not in the schema.</summary>
    public static string Unexpected(IReadOnlyList<string> keys) =>
        $"Additional properties are not allowed ({string.Join(", ", keys.Select(PythonText.Repr))} {(keys.Count == 1 ? "was" : "were")} unexpected)";

    /// <summary>Nova's frame around the text of an error; errors of the whole body have none.</summary>
    public static HttpFault Error(string? name, JsonElement value, string reason) => HttpFault.BadRequest(name is null
        ? reason
        : $"Invalid input for field/attribute {name}. Value: {PythonText.Str(value)}. {reason}");
}

/// <summary>One key of a body.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">What it may hold.</param>
/// <param name="Required">True when it must be there.</param>
internal sealed record BodyProperty(string Name, BodyType Type, bool Required = false);
