using System.Globalization;
using LiveMigration.Lab;

namespace LiveMigration.Bench;

/// <summary>Every fault in every phase of a move, compared with what was written down.</summary>
internal static class FaultMatrixCommand
{
    private static readonly LabGuestOptions Shared = new() { MemoryMiB = 256, DirtyMBPerSecond = 1, DirtyAreaMB = 16 };
    private static readonly LabGuestOptions Local = Shared with { Disk = LabGuestDisk.Local, DiskMiB = 160, DiskFillMiB = 128 };

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        if (options.Flag("--table"))
        {
            options.End();
            Console.Write(FaultTable.Render());
            return 0;
        }

        var pattern = options.Pattern("--cases");
        var limit = options.Number("--limit", int.MaxValue, 1, int.MaxValue);
        options.End();

        var wanted = FaultTable.All.Where(one => pattern?.IsMatch(one.Name) != false).Take(limit).ToList();
        await using var lab = await Bench.LabUpAsync("fault", ct);
        var rows = new List<FaultRow>();
        foreach (var group in wanted.GroupBy(one => one.Fault.Kind == FaultKind.FillDestination))
        {
            var (name, guest) = group.Key ? ("fault-local", Local) : ("fault-shared", Shared);
            await using var matrix = await MatrixLab.StartAsync(lab, name, guest, ct);
            foreach (var one in group)
            {
                var row = await new FaultRun(matrix, one).RunAsync(ct);
                rows.Add(row);
                Tell(rows.Count, row);
                if (one.Expected == FaultOutcome.Dies || !row.AsExpected)
                {
                    await matrix.RenewAsync(ct);
                }
            }
        }

        var good = rows.Count(row => row.AsExpected);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cases={rows.Count} as_expected={good}"));
        return rows.Count > 0 && good == rows.Count ? 0 : 1;
    }

    private static void Tell(int number, FaultRow row)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number,4}  {row}"));
        foreach (var fault in row.Faults)
        {
            Console.WriteLine($"        {fault}");
        }
    }
}
