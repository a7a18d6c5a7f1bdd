using System.Globalization;
using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>A number, or a text of one.</summary>
/// <param name="Min">The least.</param>
internal sealed record NumberLike(double Min) : BodyType
{
    public override string? Explain(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) ? $"{PythonText.Repr(value)} is not of type 'number', 'string'"
        : Parse(value) is not { } number ? $"{PythonText.Repr(value)} is not a 'float'"
        : number < Min ? $"{PythonText.Repr(value)} is less than the minimum of {Min.ToString(CultureInfo.InvariantCulture)}"
        : null;

    /// <summary>A number that was checked before; null when it was not given.</summary>
    public static double? Read(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? Parse(value) : null;

    private static double? Parse(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        _ => null,
    };
}
