using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveMigration.Bench;

/// <summary>A command was asked for in a way that it does not understand.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The options of a command, <c>--name value</c> or <c>--name</c>; taken out one by one.</summary>
internal sealed class Options(IEnumerable<string> arguments)
{
    private readonly List<string> _left = [.. arguments];

    /// <summary>Whether it was given.</summary>
    public bool Flag(string name) => _left.Remove(name);

    /// <summary>A number within bounds.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        var at = _left.IndexOf(name);
        if (at < 0)
        {
            return otherwise;
        }

        var text = at + 1 < _left.Count ? _left[at + 1] : "";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            throw new UsageException($"{name} takes a number from {least} to {most}, not '{text}'");
        }

        _left.RemoveRange(at, 2);
        return number;
    }

    /// <summary>A regular expression; null when it was not given.</summary>
    public Regex? Pattern(string name)
    {
        if (Take(name) is not { } text)
        {
            return null;
        }

        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"{name} takes a regular expression, not '{text}': {wrong.Message}");
        }
    }

    /// <summary>One of these words; null when it was not given.</summary>
    public string? Word(string name, params string[] words) => Take(name) switch
    {
        null => null,
        { } word when words.Contains(word, StringComparer.Ordinal) => word,
        var other => throw new UsageException($"{name} is one of {string.Join(", ", words)}, not '{other}'"),
    };

    private string? Take(string name)
    {
        var at = _left.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var text = at + 1 < _left.Count ? _left[at + 1] : throw new UsageException($"{name} needs a value");
        _left.RemoveRange(at, 2);
        return text;
    }

    /// <summary>Everything must have been understood by now.</summary>
    public void End()
    {
        if (_left.Count > 0)
        {
            throw new UsageException($"'{_left[0]}' is not understood; see --help");
        }
    }
}
