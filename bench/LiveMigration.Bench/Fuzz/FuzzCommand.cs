using System.Globalization;
using System.Net.Sockets;
using LiveMigration.Bench.Load;

namespace LiveMigration.Bench.Fuzz;

/// <summary>Generated requests against the program on its simulated cluster: it must answer all of them, and none with a fault of its own.</summary>
internal static class FuzzCommand
{
    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var count = options.Number("--requests", 100_000, 1, 100_000_000);
        var seed = options.Number("--seed", 1, 0, int.MaxValue);
        var first = options.Number("--from", 0, 0, 100_000_000);
        options.End();

        await using var program = await LonelyProgram.StartAsync(Bench.Program, ct);
        FuzzTally tally;
        try
        {
            tally = await FuzzRun.RunAsync(
                program.Address,
                program.AdminToken,
                seed,
                first,
                count,
                sofar => Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{sofar.Requests} requests, {sofar.FiveHundreds} of 500 and above, slowest {sofar.Slowest.TotalMilliseconds:F0} ms")),
                ct);
        }
        catch (SocketException gone)
        {
            var log = program.KeepLog();
            throw new InvalidOperationException($"the program does not answer any more ({gone.Message}); its log is {log}", gone);
        }

        await program.StopAsync(ct);
        var faults = await ProgramLogReader.FaultsAsync(program.LogFile, ct);
        tally.Told.ForEach(Console.WriteLine);
        foreach (var fault in faults.Take(30))
        {
            Console.WriteLine(fault.Length <= 2_000 ? fault : fault[..2_000]);
        }

        var isFine = tally.FiveHundreds == 0 && faults.Count == 0 && tally.Slowest <= FuzzRun.Bound;
        if (!isFine)
        {
            Console.WriteLine($"the program's log is {program.KeepLog()}");
        }

        Console.WriteLine($"statuses {tally.Statuses} (0: closed without an answer)");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"errors in the program's log {faults.Count}; HTTP versions refused with 505, as HTTP demands, {tally.VersionsRefused}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"requests={tally.Requests} five_hundreds={tally.FiveHundreds} slowest_ms={tally.Slowest.TotalMilliseconds:F0}"));
        return isFine ? 0 : 1;
    }
}
