using LiveMigration.Api.Errors;

namespace LiveMigration.Api.Microversions;

/// <summary>Finds the version that a request asks for.</summary>
internal static class MicroversionNegotiation
{
    public const string StandardHeader = "OpenStack-API-Version";
    public const string LegacyHeader = "X-OpenStack-Nova-API-Version";

    /// <summary>The version text of the request, null when it names none. The standard header wins.</summary>
    public static string? Requested(IHeaderDictionary headers)
    {
        var pairs = string.Join(',', headers[StandardHeader].ToArray()).Split(',');
        for (var i = pairs.Length - 1; i >= 0; i--)
        {
            var words = pairs[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && words[0].Equals("compute", StringComparison.OrdinalIgnoreCase))
            {
                return words[1];
            }
        }

        var legacy = headers[LegacyHeader];
        return legacy.Count == 0 ? null : legacy[^1]!.Split(',')[^1].Trim();
    }

    /// <summary>The version in force for that text.</summary>
    /// <exception cref="HttpFault">It is no version (400).</exception>
    public static Microversion Resolve(string? requested)
    {
        if (requested is null)
        {
            return Microversion.Lowest;
        }

        if (requested.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            return Microversion.Highest;
        }

        return Microversion.Parse(requested) ?? throw HttpFault.BadRequest(
            $"API Version String {requested} is of invalid format. Must be of format MajorNum.MinorNum.");
    }

    /// <summary>States the version in the response, as every versioned response does, success or error.</summary>
    public static void Announce(HttpResponse response, Microversion version)
    {
        // Also behind an error, which clears what was set before: so as late as possible.
        response.OnStarting(() =>
        {
            response.Headers[StandardHeader] = $"compute {version}";
            response.Headers[LegacyHeader] = version.ToString();
            response.Headers.Vary = new[] { StandardHeader, LegacyHeader };
            return Task.CompletedTask;
        });
    }
}
