using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>A name that people read: 1 to 255 characters, none of them invisible, no space at either end.</summary>
internal sealed record NameType : BodyType
{
    private static readonly BodyType Any = Text(1, 255);

    public override string? Explain(JsonElement value) => Any.Explain(value)
        ?? (value.GetString() is { } text && text.Trim().Length == text.Length && !text.Any(char.IsControl)
            ? null
            : $"{PythonText.Repr(value)} does not match '^(?![\\s])(?:\\p{{Print}})*(?<![\\s])$'");
}
