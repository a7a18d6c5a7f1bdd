using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>An object of texts of at most 255 characters.</summary>
/// <param name="IsKey">What may be a key.</param>
/// <param name="Numbers">True when a value may be a number, too.</param>
internal sealed record TextMap(Func<string, bool> IsKey, bool Numbers) : BodyType
{
    private const int MostEntries = 128;

    public override string? Explain(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{PythonText.Repr(value)} is not of type 'object'";
        }

        var pairs = value.EnumerateObject().ToList();
        return pairs.Count > MostEntries ? $"{PythonText.Repr(value)} has too many properties"
            : pairs.Where(pair => !IsKey(pair.Name)).Select(pair => pair.Name).ToList() is { Count: > 0 } wrong ? BodySchema.Unexpected(wrong)
            : pairs.Select(pair => Explain(pair.Value, Numbers)).FirstOrDefault(reason => reason is not null);
    }

    /// <summary>A map of texts that was checked before; empty when it was not given.</summary>
    public static Dictionary<string, string> Read(JsonElement body, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.TryGetProperty(name, out var map))
        {
            foreach (var pair in map.EnumerateObject())
            {
                texts[pair.Name] = pair.Value.GetString()!;
            }
        }

        return texts;
    }

    private static string? Explain(JsonElement value, bool numbers) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString()!.Length <= 255 => null,
        JsonValueKind.String => $"{PythonText.Repr(value)} is too long",
        JsonValueKind.Number when numbers => null,
        _ => $"{PythonText.Repr(value)} is not of type 'string'",
    };
}
