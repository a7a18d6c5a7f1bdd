using System.Globalization;
using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>A whole number, or a text of its digits.</summary>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
internal sealed record IntegerLike(int Min, int Max) : BodyType
{
    public override string? Explain(JsonElement value)
    {
        var number = Parse(value);
        return value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) ? $"{PythonText.Repr(value)} is not of type 'integer', 'string'"
            : number is null ? value.ValueKind == JsonValueKind.String ? $"{PythonText.Repr(value)} does not match '^[0-9]*$'" : $"{PythonText.Repr(value)} is not of type 'integer', 'string'"
            : number < Min ? $"{PythonText.Repr(value)} is less than the minimum of {Min}"
            : number > Max ? $"{PythonText.Repr(value)} is greater than the maximum of {Max}"
            : null;
    }

    /// <summary>A number that was checked before; 0 when it was not given.</summary>
    public static int Read(JsonElement body, string name) => ReadOrNull(body, name) ?? 0;

    /// <summary>The same; null when it was not given.</summary>
    public static int? ReadOrNull(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && Parse(value) is { } number ? (int)number : null;

    private static decimal? Parse(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) && number == decimal.Truncate(number) => number,
        JsonValueKind.String when value.GetString() is { Length: > 0 and < 20 } text
            && decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
