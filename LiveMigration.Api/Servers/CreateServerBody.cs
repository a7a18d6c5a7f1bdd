using System.Text.Json;
using LiveMigration.Api.Bodies;
using LiveMigration.Api.Microversions;

namespace LiveMigration.Api.Servers;

/// <summary>The body of <c>POST /servers</c>, version by version. Checks form only; what it means is looked at by <see cref="CreateServer"/>.</summary>
internal static class CreateServerBody
{
    private const int MaxUserData = 65535;

    private static readonly BodySchema Envelope = new(
        new BodyProperty("server", new ObjectType(), Required: true),
        new BodyProperty("os:scheduler_hints", new ObjectType()),
        new BodyProperty("OS-SCH-HNT:scheduler_hints", new ObjectType()));

    private static readonly BodyProperty[] Always =
    [
        new("name", new NameType(), Required: true),
        new("imageRef", BodyType.Text(0, 1024)),
        new("flavorRef", new ReferenceType(), Required: true),
        new("adminPass", BodyType.Text(0, 255)),
        new("metadata", new TextMap(IsMetadataKey, Numbers: false)),
        new("OS-DCF:diskConfig", BodyType.OneOf("AUTO", "MANUAL")),
        new("accessIPv4", BodyType.Text(0, 45)),
        new("accessIPv6", BodyType.Text(0, 45)),
        new("availability_zone", new NameType()),
        new("block_device_mapping", new ListType(64)),
        new("block_device_mapping_v2", new ListType(64)),
        new("config_drive", new ConfigDriveType()),
        new("key_name", new NameType()),
        new("min_count", new IntegerLike(1, int.MaxValue)),
        new("max_count", new IntegerLike(1, int.MaxValue)),
        new("return_reservation_id", BodyType.Boolish()),
        new("security_groups", new ListType(64)),
        new("user_data", new Base64Type(MaxUserData)),
    ];

    private static readonly BodySchema Hints = new(new BodyProperty("group", BodyType.Uuid));

    /// <summary>Reads and checks it.</summary>
    /// <returns>What is in <c>server</c>, and the group among the hints for the scheduler.</returns>
    public static async Task<(JsonElement Server, Guid? Group)> ReadAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context);
        Envelope.Check(body, null, context.Nova().Legacy);
        var server = body.GetProperty("server");
        Schema(context.Version()).Check(server, "server", context.Nova().Legacy);
        return (server, Group(body));
    }

    // Hints may hold anything for schedulers of one's own; of Nova's, ours knows the group.
    private static Guid? Group(JsonElement body)
    {
        if (!body.TryGetProperty("os:scheduler_hints", out var hints) && !body.TryGetProperty("OS-SCH-HNT:scheduler_hints", out hints))
        {
            return null;
        }

        Hints.Check(hints, "scheduler_hints", dropUnknownKeys: true);
        return hints.TryGetProperty("group", out var group) ? Guid.Parse(group.GetString()!) : null;
    }

    private static BodySchema Schema(Microversion version) => new([.. Always, .. Since(version)]);

    private static IEnumerable<BodyProperty> Since(Microversion version)
    {
        yield return new("networks", new NetworksType(Words: version.AtLeast(37)), Required: version.AtLeast(37));
        if (!version.AtLeast(57))
        {
            yield return new("personality", new ListType(64));
        }

        if (version.AtLeast(19))
        {
            yield return new("description", BodyType.TextOrNull(0, 255));
        }

        if (version.AtLeast(52))
        {
            yield return new("tags", new TagsType());
        }

        if (version.AtLeast(63))
        {
            yield return new("trusted_image_certificates", new ListType(50, Nullable: true));
        }

        if (version.AtLeast(74))
        {
            yield return new("host", BodyType.Host);
            yield return new("hypervisor_hostname", BodyType.Host);
        }

        if (version.AtLeast(90))
        {
            yield return new("hostname", BodyType.Host);
        }
    }

    private static bool IsMetadataKey(string key) =>
        key.Length is >= 1 and <= 255 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or ':' or '.' or ' ');

    private sealed record ReferenceType : BodyType
    {
        public override string? Explain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: >= 1 and <= 1024 } => null,
            JsonValueKind.String => $"{PythonText.Repr(value)} is too short",
            JsonValueKind.Number when value.TryGetInt32(out _) => null,
            _ => $"{PythonText.Repr(value)} is not of type 'string', 'integer'",
        };
    }

    private sealed record ListType(int Most, bool Nullable = false) : BodyType
    {
        public override string? Explain(JsonElement value) =>
            Nullable && value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind != JsonValueKind.Array ? $"{PythonText.Repr(value)} is not of type 'array'{(Nullable ? ", 'null'" : "")}"
            : value.GetArrayLength() > Most ? $"{PythonText.Repr(value)} is too long"
            : value.EnumerateArray().Where(item => !Nullable && item.ValueKind != JsonValueKind.Object)
                .Select(item => $"{PythonText.Repr(item)} is not of type 'object'").FirstOrDefault();
    }

    private sealed record NetworksType(bool Words) : BodyType
    {
        private static readonly string[] NetworkKeys = ["uuid", "port", "fixed_ip", "tag"];

        public override string? Explain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String when Words && value.GetString() is "auto" or "none" => null,
            JsonValueKind.String when Words => $"{PythonText.Repr(value)} is not one of ['none', 'auto']",
            JsonValueKind.Array => value.EnumerateArray().Select(Explain1).FirstOrDefault(reason => reason is not null),
            _ => $"{PythonText.Repr(value)} is not of type 'array'",
        };

        private static string? Explain1(JsonElement network) =>
            network.ValueKind != JsonValueKind.Object ? $"{PythonText.Repr(network)} is not of type 'object'"
            : network.EnumerateObject().Select(pair => pair.Name).Except(NetworkKeys, StringComparer.Ordinal).ToList() is { Count: > 0 } unknown ? BodySchema.Unexpected(unknown)
            : network.TryGetProperty("uuid", out var uuid) && (uuid.ValueKind != JsonValueKind.String || !Guid.TryParseExact(uuid.GetString(), "D", out _))
                ? $"{PythonText.Repr(uuid)} is not a 'uuid'"
            : null;
    }

    private sealed record TagsType : BodyType
    {
        private const int MostTags = 50;
        private static readonly BodyType Tag = Text(1, 60);

        public override string? Explain(JsonElement value) =>
            value.ValueKind != JsonValueKind.Array ? $"{PythonText.Repr(value)} is not of type 'array'"
            : value.GetArrayLength() > MostTags ? $"{PythonText.Repr(value)} is too long"
            : value.EnumerateArray().Select(tag => Tag.Explain(tag)
                ?? (tag.GetString()!.AsSpan().ContainsAny(',', '/') ? $"{PythonText.Repr(tag)} does not match '^[^,/]*$'" : null))
                .FirstOrDefault(reason => reason is not null);
    }

    private sealed record Base64Type(int Most) : BodyType
    {
        public override string? Explain(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                return $"{PythonText.Repr(value)} is not of type 'string'";
            }

            var text = value.GetString()!;
            return text.Length > Most ? $"{PythonText.Repr(text)} is too long"
                : Convert.TryFromBase64String(text, new byte[text.Length], out _) ? null
                : $"{PythonText.Repr(text)} is not a 'base64'";
        }
    }

    private sealed record ConfigDriveType : BodyType
    {
        private static readonly BodyType Word = Boolish();

        public override string? Explain(JsonElement value) =>
            value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0) ? null : Word.Explain(value);
    }
}
