using System.Text;
using System.Text.Json;
using LiveMigration.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LiveMigration.Api.Policy;

/// <summary>Reads an operator's policy file: names and rules, in YAML or JSON, and nothing else.</summary>
internal static class PolicyFile
{
    /// <summary>The setting that names it.</summary>
    public const string Setting = "Policy:File";

    private const int MaxBytes = 256 * 1024;

    private const string Allowed = "allowed: \"name\": \"rule\", one a line";

    /// <summary>The rules of a file, as they are written.</summary>
    /// <exception cref="InvalidSettings">It can't be used; the message says why and what to do.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                throw Wrong(path, "there is no such file");
            }

            if (info.Length > MaxBytes)
            {
                throw Wrong(path, $"it is larger than {MaxBytes / 1024} KiB; leave out what is as the default is");
            }

            var text = File.ReadAllText(path, Encoding.UTF8);
            return text.AsSpan().TrimStart().StartsWith("{") ? Json(path, text) : Yaml(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, $"it can't be read: {exception.Message}");
        }
    }

    /// <summary>The one line that ends the start.</summary>
    public static InvalidSettings Wrong(string path, string reason) => new($"{Setting} is '{path}', but {reason}.");

    private static Dictionary<string, string> Json(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                MaxDepth = 4,
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            var rules = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in document.RootElement.EnumerateObject())
            {
                Add(path, rules, pair.Name, pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : null);
            }

            return rules;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Wrong(path, $"it is no valid JSON: {Line(exception.Message).TrimEnd('.')}; {Allowed}");
        }
    }

    // Event by event and never as a tree: nesting, anchors and aliases are refused where they begin, whatever they would grow to.
    private static Dictionary<string, string> Yaml(string path, string text)
    {
        var rules = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return rules;
            }

            // A file of comments only holds one empty value.
            if (parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var empty) && empty.Value.Length == 0)
            {
                return rules;
            }

            if (!parser.TryConsume<MappingStart>(out _))
            {
                throw Wrong(path, $"it holds no names with rules; {Allowed}");
            }

            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var name = parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var key)
                    ? key.Value
                    : throw Wrong(path, $"something in line {parser.Current?.Start.Line} is no name; {Allowed}");
                Add(path, rules, name, parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var value) ? value.Value : null);
            }

            return rules;
        }
        catch (YamlException exception)
        {
            throw Wrong(path, $"it is no valid YAML, line {exception.Start.Line}: {Line(exception.Message).TrimEnd('.')}; {Allowed}");
        }
    }

    private static void Add(string path, Dictionary<string, string> rules, string name, string? rule)
    {
        if (rule is null)
        {
            throw Wrong(path, $"what it says of '{Line(name)}' is no text; allowed: a rule in quotes, \"role:admin\"");
        }

        if (!rules.TryAdd(name, rule))
        {
            throw Wrong(path, $"it names '{Line(name)}' twice; remove one of them");
        }
    }

    private static string Line(string text)
    {
        var line = new string([.. text.Take(200).Select(character => char.IsControl(character) ? ' ' : character)]);
        return text.Length > 200 ? line + "…" : line;
    }
}
