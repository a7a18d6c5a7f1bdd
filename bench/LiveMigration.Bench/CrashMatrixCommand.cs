namespace LiveMigration.Bench;

/// <summary>The controller is killed before and after each write to its journal and each change of the outside, and started again.</summary>
internal static class CrashMatrixCommand
{
    private static readonly bool[] Ways = [false, true];

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var points = options.Pattern("--points");
        var kind = options.Word("--kind", [.. CrashKind.All.Select(one => one.Name)]);
        var way = options.Word("--way", "forward", "back");
        var tally = new CrashTally(options.Number("--limit", int.MaxValue, 1, int.MaxValue));
        options.End();

        await using var lab = await Bench.LabUpAsync("crash", ct);
        foreach (var one in CrashKind.All.Where(one => tally.IsOpen && (kind ?? one.Name) == one.Name))
        {
            await using var matrix = await MatrixLab.StartAsync(lab, $"crash-{one.Name}", one.Guest, ct);
            foreach (var back in Ways.Where(back => tally.IsOpen && (way ?? Name(back)) == Name(back)))
            {
                var run = new CrashRun(matrix, one.Name, back);
                var passed = await run.RecordAsync(ct);
                Console.WriteLine($"{one.Name}, {Name(back)}: {passed.Count} points");
                foreach (var point in passed.Where(point => points?.IsMatch(point) != false).TakeWhile(_ => tally.IsOpen))
                {
                    var row = await run.DieAtAsync(point, ct);
                    tally.Add(row);
                    if (!row.Converged && row.Faults is not [CrashRun.NotReached])
                    {
                        await matrix.RenewAsync(ct);
                    }
                }
            }
        }

        return tally.Tell();
    }

    private static string Name(bool back) => back ? "back" : "forward";
}
