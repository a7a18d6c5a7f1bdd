namespace LiveMigration.Bench;

/// <summary>How a controller is told to stop at one of its failpoints. The names are those of docs/reliability.md.</summary>
internal static class ArmedController
{
    /// <summary>The exit code of a process that SIGKILL has ended.</summary>
    public const int Killed = 128 + 9;

    private const string Point = "LIVEMIGRATION_FAILPOINT";
    private const string Gate = "LIVEMIGRATION_FAILPOINT_GATE";
    private const string Trace = "LIVEMIGRATION_FAILPOINTS_TRACE";

    /// <summary>It kills itself at this point.</summary>
    public static IReadOnlyDictionary<string, string?> DiesAt(string point) => new Dictionary<string, string?>(StringComparer.Ordinal) { [Point] = point };

    /// <summary>It stops at this point until the file exists; that it has come there a file of that name and <c>.reached</c> tells.</summary>
    public static IReadOnlyDictionary<string, string?> HoldsAt(string point, string gate) =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { [Point] = $"hold:{point}", [Gate] = gate };

    /// <summary>It writes every point that it passes to this file.</summary>
    public static IReadOnlyDictionary<string, string?> Traces(string file) => new Dictionary<string, string?>(StringComparer.Ordinal) { [Trace] = file };

    /// <summary>The points of a trace, in the order in which they were passed.</summary>
    public static async Task<IReadOnlyList<string>> PassedAsync(string trace, CancellationToken ct) =>
        File.Exists(trace) ? [.. (await File.ReadAllLinesAsync(trace, ct)).Select(line => line.Split(' ')[1])] : [];
}
