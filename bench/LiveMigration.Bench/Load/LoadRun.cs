namespace LiveMigration.Bench.Load;

/// <summary>Asks the same things over and over, over a number of connections, each of which waits for its answer.</summary>
internal static class LoadRun
{
    /// <summary>Runs.</summary>
    /// <param name="address">Whom to ask.</param>
    /// <param name="requests">What to ask, in turn.</param>
    /// <param name="status">What must be answered.</param>
    /// <param name="connections">How many ask at once.</param>
    /// <param name="length">For how long.</param>
    /// <exception cref="InvalidOperationException">Something else was answered.</exception>
    public static async Task<LoadResult> RunAsync(
        Uri address, byte[][] requests, int status, int connections, TimeSpan length, CancellationToken ct)
    {
        var wires = new List<Wire>();
        try
        {
            for (var number = 0; number < connections; number++)
            {
                wires.Add(await Wire.ConnectAsync(address, ct));
            }

            var began = TimeProvider.System.GetTimestamp();
            var waits = await Task.WhenAll(wires.Select((wire, number) => Task.Run(
                () => AskAsync(wire, requests, number * requests.Length / connections, status, began, length, ct), ct)));
            var took = TimeProvider.System.GetElapsedTime(began);
            return new LoadResult([.. waits.SelectMany(some => some)], took);
        }
        finally
        {
            wires.ForEach(wire => wire.Dispose());
        }
    }

    private static async Task<List<double>> AskAsync(
        Wire wire, byte[][] requests, int first, int status, long began, TimeSpan length, CancellationToken ct)
    {
        var waits = new List<double>(16_384);
        for (var number = first; TimeProvider.System.GetElapsedTime(began) < length; number++)
        {
            var asked = TimeProvider.System.GetTimestamp();
            var answer = await wire.AskAsync(requests[number % requests.Length], isHead: false, mayEndThere: false, ct);
            waits.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
            if (answer.Status != status || !wire.IsOpen)
            {
                throw new InvalidOperationException(
                    $"{status} was to be answered, but {answer.Status} came: {System.Text.Encoding.UTF8.GetString(answer.Body)}");
            }
        }

        return waits;
    }
}

/// <summary>What came of it.</summary>
/// <param name="WaitsMs">How long each answer took, ms.</param>
/// <param name="Took">How long all of it took.</param>
internal sealed record LoadResult(IReadOnlyList<double> WaitsMs, TimeSpan Took)
{
    /// <summary>Answers a second.</summary>
    public double PerSecond => WaitsMs.Count / Took.TotalSeconds;

    /// <summary>What one in a hundred takes or longer, ms.</summary>
    public double P99Ms => Percentile(WaitsMs, 0.99);

    /// <summary>A percentile, 0 to 1, by nearest rank.</summary>
    public static double Percentile(IReadOnlyList<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(part * sorted.Count) - 1)];
    }
}
