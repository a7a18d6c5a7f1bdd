using System.Text.Json;

namespace LiveMigration.Api.Bodies;

/// <summary>What a key of a body may hold: explains in jsonschema's words why a value will not do.</summary>
internal abstract record BodyType
{
    private static readonly string[] TrueWords = ["True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes"];
    private static readonly string[] FalseWords = ["False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"];

    /// <summary>A boolean, or one of Nova's words for it; further words may be added.</summary>
    public static BodyType Boolish(params string[] further) => new BoolishType(further);

    /// <summary>A host's name, or null.</summary>
    public static BodyType HostOrNull { get; } = new TextType(1, 255, HostCharacters: true, Nullable: true);

    /// <summary>A host's name.</summary>
    public static BodyType Host { get; } = new TextType(1, 255, HostCharacters: true, Nullable: false);

    /// <summary>A text of so many characters.</summary>
    public static BodyType Text(int from, int to) => new TextType(from, to, HostCharacters: false, Nullable: false);

    /// <summary>A text of so many characters, or null.</summary>
    public static BodyType TextOrNull(int from, int to) => new TextType(from, to, HostCharacters: false, Nullable: true);

    /// <summary>A whole number of 32 bits, or null.</summary>
    public static BodyType IntegerOrNull { get; } = new IntegerType();

    /// <summary>A boolean and no word for one, or null.</summary>
    public static BodyType BooleanOrNull { get; } = new PlainType("boolean", JsonValueKind.True, JsonValueKind.False);

    /// <summary>An object, whatever is in it, or null.</summary>
    public static BodyType ObjectOrNull { get; } = new PlainType("object", JsonValueKind.Object);

    /// <summary>A host name or an IP address without brackets or port, or null.</summary>
    public static BodyType AddressOrNull { get; } = new AddressType();

    /// <summary>An object, whatever is in it.</summary>
    public static BodyType Object { get; } = new StrictType("object", JsonValueKind.Object);

    /// <summary>A list, whatever is in it.</summary>
    public static BodyType Array { get; } = new StrictType("array", JsonValueKind.Array);

    /// <summary>Anything.</summary>
    public static BodyType Anything { get; } = new AnyType();

    /// <summary>A UUID.</summary>
    public static BodyType Uuid { get; } = new UuidType();

    /// <summary>Keys and texts as users note them.</summary>
    public static BodyType Keys { get; } = new KeysType(Nullable: false);

    /// <summary>The same, where null takes a key away.</summary>
    public static BodyType KeysOrNulls { get; } = new KeysType(Nullable: true);

    /// <summary>One of these words.</summary>
    public static BodyType OneOf(params string[] words) => new EnumType(words);

    /// <summary>Null and nothing else.</summary>
    public static BodyType Null { get; } = new NullType();

    /// <summary>The value of a bool-ish that was checked before; null for one of the further words.</summary>
    public static bool? ReadBoolish(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ when TrueWords.Contains(value.GetString(), StringComparer.Ordinal) => true,
        _ when FalseWords.Contains(value.GetString(), StringComparer.Ordinal) => false,
        _ => null,
    };

    /// <summary>Why the value will not do; null when it will.</summary>
    public abstract string? Explain(JsonElement value);

    /// <summary>True for a name that Nova's <c>hostname</c> and <c>fqdn</c> formats allow.</summary>
    public static bool HasHostCharacters(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_');

    private sealed record BoolishType(string[] Further) : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => null,
            JsonValueKind.String when ReadBoolish(value) is not null || Further.Contains(value.GetString(), StringComparer.Ordinal) => null,
            JsonValueKind.String =>
                $"{PythonText.Repr(value)} is not one of [True, {Quote(TrueWords)}, False, {Quote([.. FalseWords, .. Further])}]",
            _ => $"{PythonText.Repr(value)} is not of type 'boolean', 'string'",
        };
    }

    private sealed record TextType(int From, int To, bool HostCharacters, bool Nullable) : BodyType
    {
        public override string? Explain(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Null && Nullable)
            {
                return null;
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                return $"{PythonText.Repr(value)} is not of type 'string'{(Nullable ? ", 'null'" : "")}";
            }

            var text = value.GetString()!;
            return text.Length < From ? $"{PythonText.Repr(text)} is too short"
                : text.Length > To ? $"{PythonText.Repr(text)} is too long"
                : HostCharacters && !HasHostCharacters(text) ? $"{PythonText.Repr(text)} does not match '^[a-zA-Z0-9-._]*$'"
                : null;
        }
    }

    private sealed record EnumType(string[] Words) : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind != JsonValueKind.String
            ? $"{PythonText.Repr(value)} is not of type 'string'"
            : Words.Contains(value.GetString(), StringComparer.Ordinal) ? null : $"{PythonText.Repr(value)} is not one of [{Quote(Words)}]";
    }

    private sealed record IntegerType : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number when value.TryGetInt32(out _) => null,
            JsonValueKind.Number when value.TryGetInt64(out var number) && number > int.MaxValue =>
                $"{PythonText.Repr(value)} is greater than the maximum of {int.MaxValue}",
            _ => $"{PythonText.Repr(value)} is not of type 'integer', 'null'",
        };
    }

    private sealed record PlainType(string Name, params JsonValueKind[] Kinds) : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind == JsonValueKind.Null || Kinds.Contains(value.ValueKind)
            ? null
            : $"{PythonText.Repr(value)} is not of type '{Name}', 'null'";
    }

    private sealed record StrictType(string Name, JsonValueKind Kind) : BodyType
    {
        public override string? Explain(JsonElement value) =>
            value.ValueKind == Kind ? null : $"{PythonText.Repr(value)} is not of type '{Name}'";
    }

    private sealed record AnyType : BodyType
    {
        public override string? Explain(JsonElement value) => null;
    }

    private sealed record UuidType : BodyType
    {
        public override string? Explain(JsonElement value) =>
            value.ValueKind != JsonValueKind.String ? $"{PythonText.Repr(value)} is not of type 'string'"
                : Guid.TryParse(value.GetString(), out _) ? null : $"{PythonText.Repr(value)} is not a 'uuid'";
    }

    private sealed record KeysType(bool Nullable) : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind != JsonValueKind.Object
            ? $"{PythonText.Repr(value)} is not of type 'object'"
            : value.EnumerateObject().Select(pair => ExplainKey(pair.Name) ?? ExplainValue(pair.Value)).FirstOrDefault(reason => reason is not null);

        private static string? ExplainKey(string key) =>
            key.Length is >= 1 and <= 255 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or ':' or '.' or ' ')
                ? null
                : $"{PythonText.Repr(key)} does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'";

        private string? ExplainValue(JsonElement value) =>
            value.ValueKind == JsonValueKind.Null && Nullable ? null
                : value.ValueKind != JsonValueKind.String ? $"{PythonText.Repr(value)} is not of type 'string'{(Nullable ? ", 'null'" : "")}"
                : value.GetString()!.Length > 255 ? $"{PythonText.Repr(value)} is too long"
                : null;
    }

    private sealed record AddressType : BodyType
    {
        private static readonly TextType Any = new(1, 255, HostCharacters: false, Nullable: true);

        public override string? Explain(JsonElement value) =>
            Any.Explain(value) ?? (value.ValueKind == JsonValueKind.String && !value.GetString()!.All(IsAddressCharacter)
                ? $"{PythonText.Repr(value)} does not match '^[a-zA-Z0-9-._:]*$'"
                : null);

        private static bool IsAddressCharacter(char character) => character == ':' || HasHostCharacters(character.ToString());
    }

    private sealed record NullType : BodyType
    {
        public override string? Explain(JsonElement value) =>
            value.ValueKind == JsonValueKind.Null ? null : $"{PythonText.Repr(value)} is not of type 'null'";
    }

    private static string Quote(IEnumerable<string> words) => string.Join(", ", words.Select(PythonText.Repr));
}
