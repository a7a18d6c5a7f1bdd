using System.Text.Json;

namespace LiveMigration.Core.Images;

/// <summary>What a file <c>NAME.json</c> beside an image says of it.</summary>
internal sealed record ImageSidecar
{
    public Guid? Id { get; private init; }

    public string? Name { get; private init; }

    public string? Kernel { get; private init; }

    public string? Initramfs { get; private init; }

    public int MinDiskGiB { get; private init; }

    public int MinRamMiB { get; private init; }

    public IReadOnlyDictionary<string, string> Properties { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <exception cref="BrokenImage">It is of another form.</exception>
    public static ImageSidecar Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Aggregate(new ImageSidecar(), With)
                : throw new BrokenImage("it is no JSON object");
        }
        catch (JsonException error)
        {
            throw new BrokenImage($"it is no JSON: {error.Message}");
        }
    }

    private static ImageSidecar With(ImageSidecar sidecar, JsonProperty key) => key.Name switch
    {
        "id" => sidecar with
        {
            Id = key.Value.ValueKind == JsonValueKind.String && Guid.TryParseExact(key.Value.GetString(), "D", out var id)
                ? id : throw Wrong(key, "a UUID"),
        },
        "name" => sidecar with { Name = Text(key) },
        "kernel" => sidecar with { Kernel = Text(key) },
        "initramfs" => sidecar with { Initramfs = Text(key) },
        "min_disk" => sidecar with { MinDiskGiB = Count(key) },
        "min_ram" => sidecar with { MinRamMiB = Count(key) },
        "properties" => sidecar with { Properties = Texts(key) },
        _ => throw new BrokenImage(
            $"'{key.Name}' is no key of it; allowed: id, name, kernel, initramfs, min_disk, min_ram, properties"),
    };

    private static string Text(JsonProperty key) =>
        key.Value.ValueKind == JsonValueKind.String && key.Value.GetString() is { Length: > 0 and <= 255 } text
            ? text
            : throw Wrong(key, "a text of 1 to 255 characters");

    private static int Count(JsonProperty key) =>
        key.Value.ValueKind == JsonValueKind.Number && key.Value.TryGetInt32(out var count) && count >= 0
            ? count
            : throw Wrong(key, "a number, 0 or more");

    private static Dictionary<string, string> Texts(JsonProperty key)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (key.Value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(key, "an object of texts");
        }

        foreach (var pair in key.Value.EnumerateObject())
        {
            texts[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : throw Wrong(key, "an object of texts");
        }

        return texts;
    }

    private static BrokenImage Wrong(JsonProperty key, string allowed) =>
        new($"'{key.Name}' is {key.Value.GetRawText()}; allowed: {allowed}");
}
