using System.Text;
using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>Spells JSON values as Python does: Nova's validation messages quote them so, and clients match on that.</summary>
internal static class PythonText
{
    /// <summary>Python's <c>str()</c>: a string as it is, everything else as <see cref="Repr(JsonElement)"/>.</summary>
    public static string Str(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : Repr(value);

    /// <summary>Python's <c>repr()</c>.</summary>
    public static string Repr(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.String => Repr(value.GetString()!),
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Repr))}]",
        JsonValueKind.Object =>
            $"{{{string.Join(", ", value.EnumerateObject().Select(pair => $"{Repr(pair.Name)}: {Repr(pair.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    /// <summary>Python's <c>repr()</c> of a string.</summary>
    public static string Repr(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\\' => result.Append("\\\\"),
                _ when character == quote => result.Append('\\').Append(character),
                _ when char.IsControl(character) => result.Append("\\x").Append(((int)character).ToString("x2", null)),
                _ => result.Append(character),
            };
        }

        return result.Append(quote).ToString();
    }
}
