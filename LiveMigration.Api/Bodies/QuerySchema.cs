using System.Globalization;
using LiveMigration.Api.Errors;
using LiveMigration.Api.Microversions;

namespace LiveMigration.Api.Bodies;

/// <summary>The query parameters of a list, by version, and what Nova says of others.</summary>
/// <param name="StrictFrom">The minor version from which unknown parameters are refused; before they are ignored.</param>
/// <param name="Parameters">Those it knows.</param>
internal sealed record QuerySchema(int StrictFrom, params QueryParameter[] Parameters)
{
    /// <summary>Reads a request's parameters; of a repeated one the last value counts.</summary>
    /// <exception cref="HttpFault">400 with the first error found.</exception>
    public Query Read(HttpContext context)
    {
        var version = context.Version();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in Parameters.Where(parameter => version.AtLeast(parameter.From)))
        {
            if (context.Request.Query.TryGetValue(parameter.Name, out var given) && given.Count > 0)
            {
                values[parameter.Name] = Checked(parameter, given[^1] ?? "");
            }
        }

        var unknown = context.Request.Query.Keys.Where(key => Parameters.All(parameter =>
            !parameter.Name.Equals(key, StringComparison.Ordinal) || !version.AtLeast(parameter.From))).ToList();
        return unknown.Count > 0 && version.AtLeast(StrictFrom)
            ? throw HttpFault.BadRequest(BodySchema.Unexpected(unknown))
            : new Query(values);
    }

    private static string Checked(QueryParameter parameter, string value)
    {
        var reason = parameter.Kind switch
        {
            QueryKind.Count when !value.All(char.IsAsciiDigit) => $"{PythonText.Repr(value)} does not match '^[0-9]*$'",
            QueryKind.Time when Query.ParseTime(value) is null => $"{PythonText.Repr(value)} is not a 'date-time'",
            QueryKind.Host when value.Length == 0 => "'' is too short",
            QueryKind.Host when !BodyType.HasHostCharacters(value) => $"{PythonText.Repr(value)} does not match '^[a-zA-Z0-9-._]*$'",
            _ => null,
        };
        return reason is null
            ? value
            : throw HttpFault.BadRequest($"Invalid input for query parameters {parameter.Name}. Value: {value}. {reason}");
    }
}

/// <summary>One query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="From">The minor version it came with.</param>
internal sealed record QueryParameter(string Name, QueryKind Kind = QueryKind.Text, int From = 1);

/// <summary>What a query parameter holds.</summary>
internal enum QueryKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Digits.</summary>
    Count,

    /// <summary>ISO 8601.</summary>
    Time,

    /// <summary>A host's name or a part of it.</summary>
    Host,
}

/// <summary>The parameters of one request, checked.</summary>
internal sealed class Query(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Nova's <c>[api]/max_limit</c>.</summary>
    public const int MaxLimit = 1000;

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>The same without some of its parameters.</summary>
    public Query Without(Func<string, bool> dropped) =>
        new(values.Where(pair => !dropped(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal));

    /// <summary>How many items a page holds.</summary>
    public int Limit => this["limit"] is not { Length: > 0 } text ? MaxLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, MaxLimit) : MaxLimit;

    /// <summary>A time among the parameters, UTC.</summary>
    public DateTime? Time(string name) => this[name] is { } text ? ParseTime(text) : null;

    /// <summary>A bool-ish among the parameters; null when it is absent or no such word.</summary>
    public bool? Flag(string name) => this[name]?.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "ON" or "YES" or "T" or "Y" => true,
        "FALSE" or "0" or "OFF" or "NO" or "F" or "N" => false,
        _ => null,
    };

    /// <summary>ISO 8601 as UTC; without a zone it is taken for UTC. The plus of an offset often arrives as a space.</summary>
    public static DateTime? ParseTime(string text) =>
        text.Length > 0 && char.IsAsciiDigit(text[0]) ? Parse(text) ?? Parse(text.Replace(' ', '+')) : null;

    private static DateTime? Parse(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
