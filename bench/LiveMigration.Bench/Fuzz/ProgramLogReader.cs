using System.Text.RegularExpressions;

namespace LiveMigration.Bench.Fuzz;

/// <summary>Finds in what the program has written what must not be there: errors, and exceptions that nobody caught.</summary>
internal static partial class ProgramLogReader
{
    /// <summary>Such lines.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string file, CancellationToken ct)
    {
        var faults = new List<string>();
        var options = new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite };
        using var reader = new StreamReader(file, options);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (Fault().IsMatch(line))
            {
                faults.Add(line);
            }
        }

        return faults;
    }

    [GeneratedRegex(@"^\S+ (fail|crit): |failed unexpectedly|^Unhandled exception", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fault();
}
